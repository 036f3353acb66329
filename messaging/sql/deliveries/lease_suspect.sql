-- Lease the oldest delivery that a process began and did not finish: it may have killed it, so it
-- takes no other with it. What is in hand is found by its own index, which no condition on due_at
-- can mistake for the index of all that waits.
WITH in_hand AS MATERIALIZED (
    SELECT id, due_at FROM webhook_deliveries WHERE attempts > 0 AND processed_at IS NULL
    ORDER BY id LIMIT 10000
), suspect AS (
    SELECT delivery.id
    FROM in_hand CROSS JOIN LATERAL (
        SELECT id FROM webhook_deliveries
        WHERE id = in_hand.id AND due_at <= now() AND attempts > 0
        FOR UPDATE SKIP LOCKED
    ) delivery
    WHERE in_hand.due_at <= now()
    LIMIT 1
)
UPDATE webhook_deliveries delivery
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = delivery.attempts + 1
FROM suspect WHERE delivery.id = suspect.id
RETURNING delivery.id, delivery.kind, delivery.address, delivery.lane, delivery.route_hint,
          delivery.body, delivery.received_at, delivery.attempts, delivery.recorded_items
