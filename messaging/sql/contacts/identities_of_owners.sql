-- All ids of the contacts that any of these ids belongs to. A join: two IN lists would probe every
-- pair.
SELECT own.id, own.tenant_id, own.contact_id, own.kind, own.value, own.account_id, own.is_active
FROM (
    SELECT DISTINCT known.tenant_id, known.contact_id
    FROM unnest(%(tenant_ids)s::uuid[], %(kinds)s::text[], %(values)s::text[])
        AS asked(tenant_id, kind, value)
    JOIN contact_identities known
        ON known.tenant_id = asked.tenant_id AND known.kind = asked.kind
        AND known.value = asked.value
) owner
JOIN contact_identities own
    ON own.tenant_id = owner.tenant_id AND own.contact_id = owner.contact_id
