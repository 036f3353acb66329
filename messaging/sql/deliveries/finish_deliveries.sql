-- Nothing waits any more in these deliveries; `error` counts what was set aside. What one
-- transaction recorded has one moment, that of `beside`, a delivery which is finished already, or
-- now.
WITH mine AS (
    SELECT id FROM webhook_deliveries WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
), aside AS (
    SELECT delivery_id, string_agg(items || ' ' || cause, ', ' ORDER BY cause) AS summary
    FROM (
        SELECT delivery_id, cause, count(*) AS items FROM dead_letters
        WHERE delivery_id = ANY(%(ids)s) GROUP BY delivery_id, cause
    ) counted
    GROUP BY delivery_id
)
UPDATE webhook_deliveries delivery
SET processed_at = coalesce(
        (SELECT processed_at FROM webhook_deliveries WHERE id = %(beside)s::uuid), now()),
    due_at = NULL, recorded_items = 0, error = coalesce(aside.summary, '')
FROM mine LEFT JOIN aside ON aside.delivery_id = mine.id
WHERE delivery.id = mine.id
