-- Delete the statuses that the deliveries brought, and note the messages of ours that lost some.
-- Returns how many statuses.
WITH gone AS (
    DELETE FROM message_statuses report USING rehearsal.span
    WHERE report.recorded_at >= span.settled_at
       OR report.message_id IN (SELECT id FROM rehearsal.gone_messages)
    RETURNING report.message_id
), resettled AS (
    INSERT INTO rehearsal.resettled (id)
    SELECT DISTINCT message_id FROM gone
    WHERE message_id IS NOT NULL
      AND message_id NOT IN (SELECT id FROM rehearsal.gone_messages)
)
SELECT count(*) AS rows FROM gone
