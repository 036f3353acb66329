-- All ids of the contacts that any of these ids belongs to. A join: two IN lists would probe every pair.
SELECT own.id, own.tenant_id, own.contact_id, own.kind, own.value, own.account_id, own.is_active
FROM (SELECT DISTINCT i.tenant_id, i.contact_id
      FROM unnest(%(tenant_ids)s::uuid[], %(kinds)s::text[], %(values)s::text[]) AS e(tenant_id, kind, value)
      JOIN contact_identities i ON i.tenant_id = e.tenant_id AND i.kind = e.kind AND i.value = e.value) found
JOIN contact_identities own ON own.tenant_id = found.tenant_id AND own.contact_id = found.contact_id
