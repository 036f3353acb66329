-- Sending for longer than an answer can take: unknown, never queued again.
WITH lost AS (
    SELECT id FROM messages WHERE due_at < timestamptz '9999-01-01' AND due_at <= now() AND status = 'sending' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE messages m
SET status = 'unknown', due_at = NULL, error = 'The provider was asked to send it, and no answer was recorded.'
FROM lost WHERE m.id = lost.id
RETURNING m.id
