-- Undo a lease whose work was not done, and not begun to the harm of its process: due again after
-- so many seconds, or a quarter of the time that the delivery has waited, up to `at_most` seconds.
WITH mine AS (
    SELECT id FROM webhook_deliveries WHERE id = ANY(%(ids)s) AND due_at IS NOT NULL
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE webhook_deliveries delivery
SET due_at = now() + make_interval(secs => greatest(
        %(seconds)s, least(%(at_most)s, extract(epoch FROM now() - delivery.waits_since) / 4))),
    attempts = greatest(delivery.attempts - 1, 0)
FROM mine WHERE delivery.id = mine.id
