-- Due now, by somebody's order, which also lifts the time to live; only what is not on its way and not received.
WITH mine AS (
    SELECT id, status, external_id FROM messages
    WHERE id = ANY(%(ids)s) AND direction = 'outbound' AND status IN ('failed', 'unknown', 'expired')
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages m
SET status = 'queued', due_at = now(), expires_at = NULL, external_id = NULL, error = '', error_code = ''
FROM mine WHERE m.id = mine.id
RETURNING m.id, m.tenant_id, mine.status
