-- Lease due deliveries: route hints in turn, lanes 8:3:1, as many as fit into max_bytes (one at least). The attempt counts before
-- the work begins; one that was begun before, and may have killed its process, goes first and alone, so that it takes no other
-- with it. `turn_end`: where the next turn begins; NULL: at the beginning.
WITH RECURSIVE hints AS (
    (SELECT route_hint FROM webhook_deliveries
     WHERE due_at IS NOT NULL AND route_hint > %(after)s ORDER BY route_hint LIMIT 1)
    UNION ALL
    SELECT (SELECT d.route_hint FROM webhook_deliveries d
            WHERE d.due_at IS NOT NULL AND d.route_hint > hints.route_hint ORDER BY d.route_hint LIMIT 1)
    FROM hints WHERE hints.route_hint IS NOT NULL
), turn AS MATERIALIZED (
    SELECT route_hint FROM hints WHERE route_hint IS NOT NULL LIMIT %(hints)s
), due AS (
    SELECT mine.*, turn.route_hint, lanes.lane, lanes.weight
    FROM turn CROSS JOIN (VALUES (0, 8), (1, 3), (2, 1)) AS lanes(lane, weight)
    CROSS JOIN LATERAL (
        SELECT d.id, d.attempts, octet_length(d.body) AS size FROM webhook_deliveries d
        WHERE d.route_hint = turn.route_hint AND d.lane = lanes.lane AND d.due_at <= now()
        ORDER BY d.id LIMIT greatest(1, %(at_most)s / (SELECT count(*) FROM turn))
        FOR UPDATE SKIP LOCKED
    ) mine
), in_hint AS (
    SELECT *, row_number() OVER (PARTITION BY lane, route_hint ORDER BY id) AS round FROM due
), in_lane AS (
    SELECT *, row_number() OVER (PARTITION BY lane ORDER BY round, id) / weight::float AS share FROM in_hint
), placed AS (
    SELECT id, attempts, row_number() OVER w AS place, sum(size) OVER w - size AS before, first_value(attempts) OVER w AS first
    FROM in_lane WINDOW w AS (ORDER BY attempts > 0 DESC, share, id)
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM placed p
WHERE d.id = p.id
  AND (p.place = 1 OR (p.first = 0 AND p.place <= %(at_most)s AND p.before < %(max_bytes)s))
RETURNING d.id, d.kind, d.body, d.received_at, d.attempts,
          (SELECT max(route_hint) FROM turn HAVING count(*) = %(hints)s) AS turn_end
