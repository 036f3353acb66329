-- Delete some of the keys that are over, the oldest first.
DELETE FROM idempotency_keys WHERE id IN (
    SELECT id FROM idempotency_keys WHERE created_at < %(over_before)s
    ORDER BY created_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
)
