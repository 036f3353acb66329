-- Deliveries with items that waited for a channel which is connected now are due again; each number that is waited for is
-- looked up once, however much waits for it. One that is still being recorded is left alone: its later items would be finished
-- without the earlier.
WITH RECURSIVE numbers AS (
    (SELECT kind, channel_external_id FROM dead_letters WHERE cause = 'unroutable' ORDER BY kind, channel_external_id LIMIT 1)
    UNION ALL
    SELECT later.kind, later.channel_external_id FROM numbers CROSS JOIN LATERAL (
        SELECT l.kind, l.channel_external_id FROM dead_letters l
        WHERE l.cause = 'unroutable' AND (l.kind, l.channel_external_id) > (numbers.kind, numbers.channel_external_id)
        ORDER BY l.kind, l.channel_external_id LIMIT 1
    ) later
), mine AS (
    SELECT d.id FROM webhook_deliveries d
    WHERE d.processed_at IS NOT NULL AND d.id IN (
        SELECT l.delivery_id FROM numbers n
        JOIN channels c ON c.kind = n.kind AND c.external_id = n.channel_external_id AND c.status = ANY(%(routable)s)
            AND c.connected_at IS NOT NULL
        JOIN dead_letters l ON l.cause = 'unroutable' AND l.kind = n.kind AND l.channel_external_id = n.channel_external_id
        LIMIT 1000
    )
    ORDER BY d.id FOR NO KEY UPDATE
), again AS (
    DELETE FROM dead_letters l USING mine WHERE l.delivery_id = mine.id AND l.cause = 'unroutable'
)
UPDATE webhook_deliveries d SET due_at = now(), waits_since = now(), processed_at = NULL, attempts = 0 FROM mine WHERE d.id = mine.id
RETURNING d.id
