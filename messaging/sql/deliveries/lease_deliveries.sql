-- Lease due deliveries of these route hints: `share` of each lane of each, the lanes 8:3:1, as many as fit into max_bytes (one at
-- least); `place` is their turn. The attempt counts before the work begins. One that was begun before is left to
-- deliveries/lease_suspect.sql or deliveries/lease_rest.sql, and what came behind a rest, for the same number in the same lane, waits for it: unless
-- that rest waits itself for what others have locked, or may have killed its process. Nobody's ('-') wait for no rest.
WITH queues AS (
    SELECT hints.route_hint, lanes.lane, lanes.weight
    FROM unnest(%(hints)s::text[]) AS hints(route_hint) CROSS JOIN (VALUES (0, 8), (1, 3), (2, 1)) AS lanes(lane, weight)
    WHERE hints.route_hint = '-' OR NOT EXISTS (
        SELECT FROM webhook_deliveries rest
        WHERE rest.route_hint = hints.route_hint AND rest.lane = lanes.lane AND rest.due_at IS NOT NULL
          AND rest.recorded_items > 0 AND (rest.attempts = 1 OR rest.attempts = 0 AND rest.due_at <= now()))
), due AS (
    SELECT mine.*, queues.route_hint, queues.lane, queues.weight
    FROM queues CROSS JOIN LATERAL (
        SELECT d.id, octet_length(d.body) AS size FROM webhook_deliveries d
        WHERE d.route_hint = queues.route_hint AND d.lane = queues.lane AND d.due_at <= now() AND d.attempts = 0
          AND d.recorded_items = 0
        ORDER BY d.id LIMIT %(share)s
        FOR UPDATE SKIP LOCKED
    ) mine
), in_hint AS (
    SELECT *, row_number() OVER (PARTITION BY lane, route_hint ORDER BY id) AS round FROM due
), in_lane AS (
    SELECT *, row_number() OVER (PARTITION BY lane ORDER BY round, id) / weight::float AS part FROM in_hint
), placed AS (
    SELECT id, row_number() OVER w AS place, sum(size) OVER w - size AS before FROM in_lane WINDOW w AS (ORDER BY part, id)
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM unnest(ARRAY(
    SELECT id FROM placed WHERE place = 1 OR (place <= %(at_most)s AND before < %(max_bytes)s) ORDER BY place
)) WITH ORDINALITY AS turn(id, place)
WHERE d.id = turn.id
RETURNING d.id, d.kind, d.address, d.lane, d.route_hint, d.body, d.received_at, d.attempts, d.recorded_items, turn.place
