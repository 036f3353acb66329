-- Give each message the highest status reported of it, if that ranks above its own. The messages
-- are locked. Returns those that have another status now.
WITH of_attempts AS (
    -- The highest status of each attempt. An attempt is known by the provider's id of it, and its
    -- failure undoes that it was sent.
    SELECT DISTINCT ON (report.message_id, report.external_id)
           report.message_id, report.external_id, report.status, report.error_code, report.error,
           max(report.attempt) OVER (PARTITION BY report.message_id, report.external_id) AS attempt
    FROM message_statuses report
    WHERE report.message_id = ANY(%(ids)s) AND report.status = ANY(%(reported)s)
    ORDER BY report.message_id, report.external_id,
             array_position(%(ranks)s::text[], report.status::text) DESC
), best AS (
    -- Of an attempt before the current one it counts that it was delivered, or that it was sent
    -- where no later one was; its failure does not. Nor does that of what another responder sent:
    -- nobody here can mend it.
    SELECT DISTINCT ON (message.id)
           message.id, of_attempts.status, of_attempts.external_id, of_attempts.error_code,
           of_attempts.error
    FROM messages message JOIN of_attempts ON of_attempts.message_id = message.id
    WHERE NOT (of_attempts.status = 'failed' AND message.origin = 'responder')
      AND (of_attempts.external_id = message.external_id
           OR of_attempts.status IN ('delivered', 'read', 'played')
           OR (of_attempts.status = 'sent' AND message.external_id IS NULL)
           OR (of_attempts.status = 'failed' AND of_attempts.attempt = message.attempts))
      AND array_position(%(ranks)s::text[], of_attempts.status::text)
          > array_position(%(ranks)s::text[], message.status::text)
    ORDER BY message.id, array_position(%(ranks)s::text[], of_attempts.status::text) DESC,
             of_attempts.attempt DESC NULLS LAST
)
UPDATE messages message
SET status = best.status,
    external_id = coalesce(message.external_id, best.external_id),
    error_code = best.error_code,
    error = best.error,
    sent_at = coalesce(message.sent_at, now()),
    due_at = NULL,
    lease = NULL
FROM best WHERE message.id = best.id
RETURNING message.id, message.tenant_id, message.channel_id, message.conversation_id,
          message.status, message.origin, message.error_code, message.error
