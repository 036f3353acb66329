-- Who has each shared thread in which something came.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT DISTINCT ON (thread.name) %(pass)s::text, 'owners of threads', conversation.tenant_id,
       thread.name,
       jsonb_build_object('conversation', conversation.id),
       jsonb_build_object(
           'owner', conversation.owner, 'told_by', conversation.owner_told_by,
           'told_at', conversation.owner_told_at, 'since', conversation.owner_since,
           'until', conversation.owner_until)
FROM rehearsal.deliveries delivery
JOIN messages message ON message.delivery_id = delivery.id
JOIN conversations conversation ON conversation.id = message.conversation_id
JOIN rehearsal.threads thread ON thread.id = conversation.id
