-- Delete some of the oldest processed deliveries before an id, with what was set aside of them.
WITH old AS (
    SELECT id FROM webhook_deliveries WHERE id < %(before)s AND processed_at IS NOT NULL
    ORDER BY id LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
), aside AS (
    DELETE FROM dead_letters WHERE delivery_id IN (SELECT id FROM old)
)
DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM old)
RETURNING id
