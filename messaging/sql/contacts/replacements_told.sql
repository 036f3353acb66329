-- What the provider has said before of the ids of these contacts: which became which.
SELECT change.contact_id, change.kind, change.old, change.new
FROM unnest(%(tenant_ids)s::uuid[], %(contact_ids)s::uuid[]) AS asked(tenant_id, contact_id)
JOIN contact_changes change
    ON change.tenant_id = asked.tenant_id AND change.contact_id = asked.contact_id
    AND change.what = 'id_replaced'
