-- Due now, by an order; only what is ours to send, not on its way and not received. The order takes a number of its own among the attempts, so
-- that nothing said of the ones before it counts for those after it.
WITH mine AS (
    SELECT id, status FROM messages
    WHERE id = ANY(%(ids)s) AND direction = 'outbound' AND origin <> 'phone_app' AND status IN ('failed', 'unknown', 'expired')
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages m
SET status = 'queued', attempts = m.attempts + 1, due_at = now(), external_id = NULL, error = '', error_code = '',
    expires_at = CASE WHEN %(lifts_expiry)s THEN NULL ELSE m.expires_at END
FROM mine WHERE m.id = mine.id
RETURNING m.id, m.tenant_id, mine.status
