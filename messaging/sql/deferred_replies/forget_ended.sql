-- Delete some of the replies that ended thirty days ago.
DELETE FROM deferred_replies WHERE id IN (
    SELECT id FROM deferred_replies
    WHERE due_at IS NULL AND ended_at < now() - interval '30 days'
    ORDER BY ended_at LIMIT 1000 FOR UPDATE
)
