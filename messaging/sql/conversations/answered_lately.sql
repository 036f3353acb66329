-- How many automatic answers each of these contacts got within the hour before this moment, and
-- after it, on whichever channel.
SELECT conversation.contact_id, count(*) AS answers
FROM unnest(%(tenant_ids)s::uuid[], %(contact_ids)s::uuid[]) AS asked(tenant_id, contact_id)
JOIN conversations conversation
    ON conversation.tenant_id = asked.tenant_id AND conversation.contact_id = asked.contact_id
JOIN messages answer
    ON answer.conversation_id = conversation.id AND answer.in_reply_to_id IS NOT NULL
    AND answer.created_at > %(moment)s::timestamptz - interval '1 hour'
GROUP BY conversation.contact_id
