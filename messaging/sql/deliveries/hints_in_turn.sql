-- Route hints after this one, in their order, that have a delivery due.
WITH RECURSIVE hints AS (
    (SELECT route_hint FROM webhook_deliveries
     WHERE due_at IS NOT NULL AND route_hint > %(after)s ORDER BY route_hint LIMIT 1)
    UNION ALL
    SELECT (SELECT d.route_hint FROM webhook_deliveries d
            WHERE d.due_at IS NOT NULL AND d.route_hint > hints.route_hint ORDER BY d.route_hint LIMIT 1)
    FROM hints WHERE hints.route_hint IS NOT NULL
)
SELECT route_hint FROM hints
WHERE EXISTS (SELECT FROM webhook_deliveries d
              WHERE d.route_hint = hints.route_hint AND d.due_at <= now() AND d.attempts = 0
                AND d.recorded_items = 0 OFFSET 0)
LIMIT %(at_most)s
