-- Delete some of the oldest events before an id. What has no position yet was read by nobody, and
-- stays.
DELETE FROM events WHERE id IN (
    SELECT id FROM events WHERE id < %(before)s AND position IS NOT NULL
    ORDER BY id LIMIT %(at_most)s
)
RETURNING id
