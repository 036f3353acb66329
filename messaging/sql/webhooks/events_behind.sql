-- How many events each endpoint is behind: those that it wants behind its cursor, and those set
-- aside; both counted no further than at_most. Each of the four ways to count, of a tenant or of
-- all, all types or type by type, has an index of its own.
SELECT endpoint.id, least(waiting.events + aside.events, %(at_most)s)::bigint AS behind
FROM unnest(%(ids)s::uuid[]) AS asked(id)
JOIN webhook_endpoints endpoint USING (id)
CROSS JOIN LATERAL (
    SELECT sum(counted.events) AS events FROM (
        SELECT count(*) AS events FROM (
            SELECT FROM events event
            WHERE endpoint.types = '{}' AND event.tenant_id = endpoint.tenant_id
              AND event.position > endpoint.position
            LIMIT %(at_most)s
        ) of_a_tenant
        UNION ALL
        SELECT count(*) FROM (
            SELECT FROM events event
            WHERE endpoint.types = '{}' AND endpoint.tenant_id IS NULL
              AND event.position > endpoint.position
            LIMIT %(at_most)s
        ) of_all
        UNION ALL
        SELECT count(*) FROM unnest(endpoint.types) wanted(type) CROSS JOIN LATERAL (
            SELECT FROM events event
            WHERE event.tenant_id = endpoint.tenant_id AND event.type = wanted.type
              AND event.position > endpoint.position
            LIMIT %(at_most)s
        ) of_a_tenant_by_type
        UNION ALL
        SELECT count(*) FROM unnest(endpoint.types) wanted(type) CROSS JOIN LATERAL (
            SELECT FROM events event
            WHERE endpoint.tenant_id IS NULL AND event.type = wanted.type
              AND event.position > endpoint.position
            LIMIT %(at_most)s
        ) of_all_by_type
    ) counted
) waiting
CROSS JOIN LATERAL (
    SELECT count(*) AS events FROM webhook_set_aside aside WHERE aside.endpoint_id = endpoint.id
) aside
