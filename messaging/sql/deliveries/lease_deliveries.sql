-- Lease due deliveries of these route hints: `share` of each lane of each, the lanes 8:3:1, as many
-- as fit into max_bytes (one at least); `place` is their turn. The attempt counts before the work
-- begins. A delivery that was begun before is left to deliveries/lease_suspect.sql or
-- deliveries/lease_rest.sql.
WITH queues AS (
    -- What came behind the rest of a delivery, for the same number in the same lane, waits for it:
    -- unless that rest waits itself for what others have locked, or may have killed its process.
    -- Deliveries of no number ('-') wait for no rest.
    SELECT hints.route_hint, lanes.lane, lanes.weight
    FROM unnest(%(hints)s::text[]) AS hints(route_hint)
    CROSS JOIN (VALUES (0, 8), (1, 3), (2, 1)) AS lanes(lane, weight)
    WHERE hints.route_hint = '-' OR NOT EXISTS (
        SELECT FROM webhook_deliveries rest
        WHERE rest.route_hint = hints.route_hint AND rest.lane = lanes.lane
          AND rest.due_at IS NOT NULL AND rest.recorded_items > 0
          AND (rest.attempts = 1 OR rest.attempts = 0 AND rest.due_at <= now()))
), due AS (
    SELECT oldest.*, queues.route_hint, queues.lane, queues.weight
    FROM queues CROSS JOIN LATERAL (
        SELECT id, octet_length(body) AS size FROM webhook_deliveries delivery
        WHERE delivery.route_hint = queues.route_hint AND delivery.lane = queues.lane
          AND due_at <= now() AND attempts = 0 AND recorded_items = 0
        ORDER BY id LIMIT %(share)s
        FOR UPDATE SKIP LOCKED
    ) oldest
), in_hint AS (
    SELECT *, row_number() OVER (PARTITION BY lane, route_hint ORDER BY id) AS round FROM due
), in_lane AS (
    SELECT *, row_number() OVER (PARTITION BY lane ORDER BY round, id) / weight::float AS part
    FROM in_hint
), placed AS (
    SELECT id, row_number() OVER turns AS place, sum(size) OVER turns - size AS bytes_before
    FROM in_lane WINDOW turns AS (ORDER BY part, id)
)
UPDATE webhook_deliveries delivery
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = delivery.attempts + 1
FROM unnest(ARRAY(
    SELECT id FROM placed
    WHERE place = 1 OR (place <= %(at_most)s AND bytes_before < %(max_bytes)s)
    ORDER BY place
)) WITH ORDINALITY AS turn(id, place)
WHERE delivery.id = turn.id
RETURNING delivery.id, delivery.kind, delivery.address, delivery.lane, delivery.route_hint,
          delivery.body, delivery.received_at, delivery.attempts, delivery.recorded_items,
          turn.place
