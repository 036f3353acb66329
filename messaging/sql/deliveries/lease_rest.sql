-- Lease one delivery whose first items are recorded: the one whose last turn is longest ago.
WITH rest AS (
    SELECT id FROM webhook_deliveries WHERE due_at <= now() AND recorded_items > 0 AND attempts = 0
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM rest WHERE d.id = rest.id
RETURNING d.id, d.kind, d.address, d.lane, d.route_hint, d.body, d.received_at, d.attempts, d.recorded_items
