-- What the deliveries told of people.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'changes of contacts', change.tenant_id,
       concat_ws(' ', change.delivery_id, people.name, change.what, change.kind, change.old,
                 change.new, row_number() OVER (
           PARTITION BY change.delivery_id, people.name, change.what, change.kind, change.old,
                        change.new)),
       jsonb_build_object('contact', change.contact_id, 'delivery', change.delivery_id),
       jsonb_build_object('what', change.what, 'kind', change.kind, 'old', change.old,
                          'new', change.new)
FROM rehearsal.deliveries delivery
JOIN contact_changes change ON change.delivery_id = delivery.id
JOIN rehearsal.people ON people.contact_id = change.contact_id
WHERE change.by = ''
  AND (change.other_id IS NULL
       OR change.other_id NOT IN (SELECT id FROM rehearsal.merged_contacts))
