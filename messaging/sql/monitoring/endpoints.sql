-- How many webhook endpoints are behind (the first event behind the cursor came more than a minute
-- ago), failing, or disabled by anything but an order, and how old in seconds the oldest event is
-- that one of them is behind with. No more than `looked_at` endpoints are looked at, those first
-- that have been due for longest. Each look-up goes by its index, as in webhooks/lease_endpoints.
WITH endpoint AS (
    SELECT tenant_id, position, failing_since, status = 'enabled' AS is_enabled
    FROM webhook_endpoints WHERE status = 'enabled' OR disabled_reason <> 'asked'
    ORDER BY due_at LIMIT %(looked_at)s
), next_event AS MATERIALIZED (
    SELECT endpoint.is_enabled, endpoint.failing_since, (
        CASE WHEN NOT endpoint.is_enabled THEN NULL
        WHEN endpoint.tenant_id IS NULL THEN (
            SELECT event.occurred_at FROM events event
            WHERE event.position > endpoint.position
            ORDER BY event.position LIMIT 1)
        ELSE (
            SELECT event.occurred_at FROM events event
            WHERE event.tenant_id = endpoint.tenant_id AND event.position > endpoint.position
            ORDER BY event.position LIMIT 1)
        END
    ) AS occurred_at
    FROM endpoint
)
SELECT count(*) FILTER (WHERE occurred_at < now() - interval '1 minute') AS behind,
       count(*) FILTER (WHERE is_enabled AND failing_since IS NOT NULL) AS failing,
       count(*) FILTER (WHERE NOT is_enabled) AS disabled,
       extract(epoch FROM now() - min(occurred_at))::float8 AS oldest_event
FROM next_event
