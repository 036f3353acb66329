-- Delete what was set aside of the deliveries.
WITH gone AS (
    DELETE FROM dead_letters WHERE delivery_id IN (SELECT id FROM rehearsal.deliveries) RETURNING id
)
SELECT count(*) AS rows FROM gone
