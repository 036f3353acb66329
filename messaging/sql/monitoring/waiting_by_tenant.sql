-- The tenants of the most conversations that wait for a person, and how long the oldest of each has
-- waited.
SELECT tenant.name AS tenant, waiting.number, waiting.since
FROM (SELECT tenant_id, count(*) AS number, min(waiting_since) AS since
      FROM conversations WHERE waiting_since IS NOT NULL AND replies_paused_until > now()
      GROUP BY tenant_id ORDER BY number DESC, since LIMIT %(at_most)s) waiting
JOIN tenants tenant ON tenant.id = waiting.tenant_id
ORDER BY waiting.number DESC, waiting.since
