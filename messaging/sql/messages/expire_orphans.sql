-- Delete statuses that no message of ours was ever found for: after a week they are another
-- application's.
DELETE FROM message_statuses WHERE id IN (
    SELECT id FROM message_statuses
    WHERE message_id IS NULL AND recorded_at < now() - interval '7 days'
    ORDER BY recorded_at LIMIT 1000
)
