-- The newest deliveries of a range of ids: how many they are, and of those whose bytes hold one of
-- these words the first, with what is set aside from each. The ids begin with their time.
WITH looked_at AS (
    SELECT id, received_at, body, attempts, processed_at, error
    FROM webhook_deliveries
    WHERE id >= %(since)s AND id < %(until)s ORDER BY id DESC LIMIT %(looked_at)s
), naming AS (
    SELECT id, received_at, attempts, processed_at, error FROM looked_at
    WHERE EXISTS (
        SELECT FROM unnest(%(words)s::bytea[]) word WHERE position(word IN looked_at.body) > 0
    )
)
SELECT (SELECT count(*) FROM looked_at) AS came, (SELECT count(*) FROM naming) AS named,
       (SELECT received_at FROM webhook_deliveries ORDER BY id LIMIT 1) AS kept_since,
       shown.id, shown.received_at, shown.attempts, shown.processed_at,
       letter.cause, letter.reason, letter.channel_external_id
FROM (VALUES (1)) one
LEFT JOIN (
    SELECT * FROM naming
    WHERE processed_at IS NULL OR error <> '' ORDER BY id LIMIT %(at_most)s
) shown ON true
LEFT JOIN LATERAL (
    SELECT cause, reason, channel_external_id FROM dead_letters
    WHERE delivery_id = shown.id ORDER BY position LIMIT 1
) letter ON true
ORDER BY shown.id
