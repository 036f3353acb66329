-- Each message takes the highest status reported of it, if that ranks above its own. The messages are locked.
-- An attempt is known by the provider's id of it, and its failure undoes that it was sent. Of an earlier attempt than the current
-- one it counts that it was delivered, or that it was sent where no later one was; its failure does not.
WITH ids AS (
    SELECT DISTINCT ON (s.message_id, s.external_id)
           s.message_id, s.external_id, s.status, s.error_code, s.error,
           max(s.attempt) OVER (PARTITION BY s.message_id, s.external_id) AS attempt
    FROM message_statuses s
    WHERE s.message_id = ANY(%(ids)s) AND s.status = ANY(%(reported)s)
    ORDER BY s.message_id, s.external_id, array_position(%(ranks)s::text[], s.status::text) DESC
), best AS (
    SELECT DISTINCT ON (m.id) m.id, i.status, i.external_id, i.error_code, i.error
    FROM messages m JOIN ids i ON i.message_id = m.id
    WHERE (i.external_id = m.external_id
           OR i.status IN ('delivered', 'read', 'played')
           OR (i.status = 'sent' AND m.external_id IS NULL)
           OR (i.status = 'failed' AND i.attempt = m.attempts))
      AND array_position(%(ranks)s::text[], i.status::text) > array_position(%(ranks)s::text[], m.status::text)
    ORDER BY m.id, array_position(%(ranks)s::text[], i.status::text) DESC, i.attempt DESC NULLS LAST
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
