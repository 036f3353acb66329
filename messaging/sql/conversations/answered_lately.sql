-- How many automatic answers each of these contacts got within the last hour, on whichever channel.
SELECT c.contact_id, count(*) AS answers
FROM unnest(%(tenant_ids)s::uuid[], %(contact_ids)s::uuid[]) AS e(tenant_id, contact_id)
JOIN conversations c ON c.tenant_id = e.tenant_id AND c.contact_id = e.contact_id
JOIN messages m ON m.conversation_id = c.id AND m.in_reply_to_id IS NOT NULL AND m.created_at > now() - interval '1 hour'
GROUP BY c.contact_id
