-- Give statuses that were stored as nobody's the message that a later one of the same id names. The
-- messages are locked.
WITH named AS (
    SELECT DISTINCT ON (later.channel_id, later.external_id) later.*
    FROM unnest(%(channel_id)s::uuid[], %(external_id)s::text[], %(message_id)s::uuid[],
                %(attempt)s::int[])
        AS later(channel_id, external_id, message_id, attempt)
    ORDER BY later.channel_id, later.external_id, later.attempt NULLS LAST
), nobodys AS (
    SELECT report.id, named.message_id, named.attempt
    FROM named JOIN message_statuses report USING (channel_id, external_id)
    WHERE report.message_id IS NULL
    ORDER BY report.id FOR NO KEY UPDATE OF report
)
UPDATE message_statuses report
SET message_id = nobodys.message_id, attempt = coalesce(report.attempt, nobodys.attempt)
FROM nobodys WHERE report.id = nobodys.id
