-- Channels that hold messages, each found once in the index of what is held, however much of it is
-- theirs.
WITH RECURSIVE holding AS (
    (SELECT channel_id FROM messages WHERE due_at = timestamptz '9999-01-01'
     ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT held.channel_id FROM messages held
            WHERE held.due_at = timestamptz '9999-01-01' AND held.channel_id > holding.channel_id
            ORDER BY held.channel_id LIMIT 1)
    FROM holding WHERE holding.channel_id IS NOT NULL
)
SELECT channel_id FROM holding WHERE channel_id IS NOT NULL
