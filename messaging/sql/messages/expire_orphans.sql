-- Delete statuses that were recorded before a moment and that no message of ours was found for. One
-- that somebody holds locked may be getting its message; what got one meanwhile, the lock sees.
WITH orphans AS (
    SELECT id FROM message_statuses
    WHERE message_id IS NULL AND recorded_at < %(before)s
    ORDER BY recorded_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
)
DELETE FROM message_statuses WHERE id IN (SELECT id FROM orphans)
