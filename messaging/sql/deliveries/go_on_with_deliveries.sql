-- Keep how many items of each delivery are recorded, and let the rest wait for its next turn. What
-- it came further with killed no process, so it has no attempts any more.
WITH mine AS (
    SELECT delivery.id, begun.items FROM webhook_deliveries delivery
    JOIN unnest(%(ids)s::uuid[], %(items)s::int[]) AS begun(id, items) ON begun.id = delivery.id
    WHERE delivery.due_at IS NOT NULL ORDER BY delivery.id FOR NO KEY UPDATE OF delivery
)
UPDATE webhook_deliveries delivery
SET recorded_items = mine.items, due_at = now(), waits_since = now(), attempts = 0
FROM mine WHERE delivery.id = mine.id
