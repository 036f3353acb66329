-- What the provider has said before of the ids of these contacts: which became which.
SELECT c.contact_id, c.kind, c.old, c.new
FROM unnest(%(tenant_ids)s::uuid[], %(contact_ids)s::uuid[]) AS e(tenant_id, contact_id)
JOIN contact_changes c ON c.tenant_id = e.tenant_id AND c.contact_id = e.contact_id AND c.what = 'id_replaced'
