-- Queue messages once more, by an order: of these ids, those that are ours to send, did not succeed
-- and are not on their way. The order takes a number of its own among the attempts, so that nothing
-- said of the ones before it counts for those after it.
WITH unsent AS (
    SELECT id, status FROM messages
    WHERE id = ANY(%(ids)s) AND direction = 'outbound' AND origin NOT IN ('phone_app', 'responder')
      AND status IN ('failed', 'unknown', 'expired')
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages
SET status = 'queued', attempts = messages.attempts + 1, due_at = now(),
    external_id = NULL, error = '', error_code = '',
    expires_at = CASE WHEN %(lifts_expiry)s THEN NULL ELSE messages.expires_at END
FROM unsent WHERE messages.id = unsent.id
RETURNING messages.id, messages.tenant_id, unsent.status
