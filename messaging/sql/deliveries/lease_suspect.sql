-- Lease the oldest delivery that a process began and did not finish: it may have killed it, so it
-- takes no other with it.
WITH suspect AS (
    SELECT id FROM webhook_deliveries WHERE due_at <= now() AND attempts > 0
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM suspect WHERE d.id = suspect.id
RETURNING d.id, d.kind, d.lane, d.route_hint, d.body, d.received_at, d.attempts, d.recorded_items
