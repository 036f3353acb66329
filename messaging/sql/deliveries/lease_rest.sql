-- Lease one delivery whose first items are recorded: the one whose last turn is longest ago.
WITH rest AS (
    SELECT id FROM webhook_deliveries WHERE due_at <= now() AND recorded_items > 0 AND attempts = 0
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries delivery
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = delivery.attempts + 1
FROM rest WHERE delivery.id = rest.id
RETURNING delivery.id, delivery.kind, delivery.address, delivery.lane, delivery.route_hint,
          delivery.body, delivery.received_at, delivery.attempts, delivery.recorded_items
