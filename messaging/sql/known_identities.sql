-- The contacts these sender ids belong to. A join: two IN lists would probe every pair.
SELECT i.tenant_id, i.kind, i.value, i.contact_id
FROM unnest(%(tenant_ids)s::uuid[], %(kinds)s::text[], %(values)s::text[]) AS e(tenant_id, kind, value)
JOIN contact_identities i ON i.tenant_id = e.tenant_id AND i.kind = e.kind AND i.value = e.value
