-- Messages that have been sending for longer than an answer can take; locked.
SELECT id AS message_id, attempts AS attempt,
       due_at - make_interval(secs => %(unknown_after)s) AS started_at
FROM messages
WHERE due_at < timestamptz '9999-01-01' AND due_at <= now() AND status = 'sending'
ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
