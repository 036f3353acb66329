-- How many events each endpoint is behind: those that it wants behind its cursor, and those set
-- aside; both counted no further than at_most.
SELECT endpoint.id, least(waiting.events + aside.events, %(at_most)s) AS behind
FROM unnest(%(ids)s::uuid[]) AS asked(id)
JOIN webhook_endpoints endpoint USING (id)
CROSS JOIN LATERAL (
    SELECT count(*) AS events FROM (
        SELECT FROM events event
        WHERE (event.tenant_id = endpoint.tenant_id OR endpoint.tenant_id IS NULL)
          AND event.position > endpoint.position
          AND (endpoint.types = '{}' OR event.type = ANY(endpoint.types))
        LIMIT %(at_most)s
    ) counted
) waiting
CROSS JOIN LATERAL (
    SELECT count(*) AS events FROM webhook_set_aside aside WHERE aside.endpoint_id = endpoint.id
) aside
