-- Deliveries with items that waited for a channel which is connected now are due again.
WITH found AS (
    DELETE FROM dead_letters l USING channels c
    WHERE l.cause = 'unroutable' AND c.kind = l.kind AND c.external_id = l.channel_external_id AND c.status = ANY(%(routable)s)
    RETURNING l.delivery_id
), mine AS (
    SELECT id FROM webhook_deliveries WHERE id IN (SELECT delivery_id FROM found) ORDER BY id FOR NO KEY UPDATE
)
UPDATE webhook_deliveries d SET due_at = now(), processed_at = NULL, attempts = 0 FROM mine WHERE d.id = mine.id
RETURNING d.id
