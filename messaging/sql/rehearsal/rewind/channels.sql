-- Forget of channels that several responders share them where that became known since.
WITH changed AS (
    UPDATE channels channel SET shared_at = NULL
    FROM rehearsal.span WHERE channel.shared_at >= span.settled_at
    RETURNING channel.id
)
SELECT count(*) AS rows FROM changed
