-- Lease due deliveries of these route hints: `share` of each lane of each, the lanes 8:3:1, as many as fit into max_bytes (one at
-- least). The attempt counts before the work begins. One that was begun before is left to lease_suspect.sql.
WITH due AS (
    SELECT mine.*, hints.route_hint, lanes.lane, lanes.weight
    FROM unnest(%(hints)s::text[]) AS hints(route_hint) CROSS JOIN (VALUES (0, 8), (1, 3), (2, 1)) AS lanes(lane, weight)
    CROSS JOIN LATERAL (
        SELECT d.id, octet_length(d.body) AS size FROM webhook_deliveries d
        WHERE d.route_hint = hints.route_hint AND d.lane = lanes.lane AND d.due_at <= now() AND d.attempts = 0
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
WHERE d.id = ANY(ARRAY(
    SELECT id FROM placed WHERE place = 1 OR (place <= %(at_most)s AND before < %(max_bytes)s)))
RETURNING d.id, d.kind, d.body, d.received_at, d.attempts
