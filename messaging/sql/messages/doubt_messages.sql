-- Waiting messages, which are locked, become unknown: a database that is gone may have sent them.
-- The attempt that it may have made has its number here, too, so that a status of it is understood.
UPDATE messages
SET status = 'unknown', attempts = attempts + 1, due_at = NULL, lease = NULL, error_code = '',
    error = %(error)s
WHERE id = ANY(%(ids)s) AND status IN ('queued', 'held')
RETURNING id, tenant_id, channel_id, conversation_id, status, origin, error_code, error, attempts
