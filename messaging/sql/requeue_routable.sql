-- Deliveries with items that waited for a channel which is connected now are due again.
-- One that is still being recorded is left alone: its later items would be finished without the earlier.
WITH mine AS (
    SELECT d.id FROM webhook_deliveries d
    WHERE d.processed_at IS NOT NULL AND d.id IN (
        SELECT l.delivery_id FROM dead_letters l
        JOIN channels c ON c.kind = l.kind AND c.external_id = l.channel_external_id AND c.status = ANY(%(routable)s)
            AND c.connected_at IS NOT NULL
        WHERE l.cause = 'unroutable'
    )
    ORDER BY d.id LIMIT 1000 FOR NO KEY UPDATE
), again AS (
    DELETE FROM dead_letters l USING mine WHERE l.delivery_id = mine.id AND l.cause = 'unroutable'
)
UPDATE webhook_deliveries d SET due_at = now(), processed_at = NULL, attempts = 0 FROM mine WHERE d.id = mine.id
RETURNING d.id
