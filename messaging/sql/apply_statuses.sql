-- Each message takes the highest status reported of it, if that ranks above its own. The messages are locked.
-- A failure counts only if it is of the current attempt.
WITH best AS (
    SELECT DISTINCT ON (m.id) m.id, s.status, s.external_id, s.error_code, s.error
    FROM messages m JOIN message_statuses s ON s.message_id = m.id
    WHERE m.id = ANY(%(ids)s)
      AND s.status = ANY(%(reported)s)
      AND (s.status <> 'failed' OR s.external_id = m.external_id OR s.attempt = m.attempts)
      AND array_position(%(ranks)s::text[], s.status::text) > array_position(%(ranks)s::text[], m.status::text)
    ORDER BY m.id, array_position(%(ranks)s::text[], s.status::text) DESC
)
UPDATE messages m
SET status = best.status,
    external_id = coalesce(m.external_id, best.external_id),
    error_code = best.error_code,
    error = best.error,
    sent_at = coalesce(m.sent_at, now()),
    due_at = NULL,
    lease = NULL
FROM best WHERE m.id = best.id
