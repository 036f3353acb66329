-- Delete what the deliveries told of accounts and channels.
WITH gone AS (
    DELETE FROM channel_events WHERE delivery_id IN (SELECT id FROM rehearsal.deliveries)
    RETURNING id
)
SELECT count(*) AS rows FROM gone
