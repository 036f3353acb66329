-- Route hints after this one, in their order, that have a delivery due. ORDER BY ... OFFSET 0 has
-- each looked for in the index of what waits, however many the planner believes to be due.
WITH RECURSIVE hints AS (
    (SELECT route_hint FROM webhook_deliveries
     WHERE due_at IS NOT NULL AND route_hint > %(after)s ORDER BY route_hint LIMIT 1)
    UNION ALL
    SELECT (SELECT waiting.route_hint FROM webhook_deliveries waiting
            WHERE waiting.due_at IS NOT NULL AND waiting.route_hint > hints.route_hint
            ORDER BY waiting.route_hint LIMIT 1)
    FROM hints WHERE hints.route_hint IS NOT NULL
)
SELECT route_hint FROM hints
WHERE EXISTS (
    SELECT FROM webhook_deliveries delivery
    WHERE delivery.route_hint = hints.route_hint AND delivery.due_at <= now()
      AND delivery.attempts = 0 AND delivery.recorded_items = 0
    ORDER BY delivery.lane, delivery.id OFFSET 0)
LIMIT %(at_most)s
