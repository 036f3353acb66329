-- Lease the oldest delivery that a process began and did not finish: it may have killed it, so it
-- takes no other with it.
WITH suspect AS (
    SELECT id FROM webhook_deliveries WHERE due_at <= now() AND attempts > 0
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries delivery
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = delivery.attempts + 1
FROM suspect WHERE delivery.id = suspect.id
RETURNING delivery.id, delivery.kind, delivery.address, delivery.lane, delivery.route_hint,
          delivery.body, delivery.received_at, delivery.attempts, delivery.recorded_items
