-- Messages that have been sending for longer than an answer can take; locked.
WITH in_hand AS MATERIALIZED (
    -- few, with an index of their own, which no condition on due_at can mistake for that of all
    -- that waits
    SELECT id, status, due_at FROM messages WHERE lease IS NOT NULL
    ORDER BY channel_id LIMIT 10000
)
SELECT message.id AS message_id, attempts AS attempt,
       message.due_at - make_interval(secs => %(unknown_after)s) AS started_at
FROM (
    SELECT id FROM in_hand WHERE status = 'sending' AND due_at <= now() ORDER BY id LIMIT 1000
) lost
CROSS JOIN LATERAL (
    SELECT id, attempts, due_at FROM messages
    WHERE id = lost.id AND status = 'sending' AND due_at <= now()
    FOR NO KEY UPDATE SKIP LOCKED
) message
