-- Keep how many items of each delivery are recorded, and let the rest wait for its next turn. What it came further with killed
-- no process, so it has no attempts any more.
WITH mine AS (
    SELECT d.id, begun.items FROM webhook_deliveries d
    JOIN unnest(%(ids)s::uuid[], %(items)s::int[]) AS begun(id, items) ON begun.id = d.id
    WHERE d.due_at IS NOT NULL ORDER BY d.id FOR NO KEY UPDATE OF d
)
UPDATE webhook_deliveries d SET recorded_items = mine.items, due_at = now(), waits_since = now(), attempts = 0
FROM mine WHERE d.id = mine.id
