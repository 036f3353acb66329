-- People that the deliveries name: by messages, or by what was told of them; and those they made.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'contacts', contact.tenant_id,
       concat_ws(' ', contact.tenant_id, people.name),
       jsonb_build_object('contact', contact.id),
       jsonb_build_object(
           'name', contact.name, 'username', contact.username,
           'saved_name', contact.saved_name, 'opted_out_at', contact.marketing_opted_out_at,
           'decided_at', contact.marketing_decided_at, 'ids', people.ids)
FROM contacts contact
JOIN rehearsal.people ON people.contact_id = contact.id
WHERE contact.id >= (SELECT first_id FROM rehearsal.span)
   OR contact.id IN (
       SELECT conversation.contact_id FROM rehearsal.deliveries delivery
       JOIN messages message ON message.delivery_id = delivery.id
       JOIN conversations conversation ON conversation.id = message.conversation_id)
