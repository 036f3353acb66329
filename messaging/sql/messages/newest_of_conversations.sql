-- Find the newest messages of each of these conversations, at most so many of one, by their places.
SELECT newest.id, wanted.id AS conversation_id
FROM unnest(%(tenant_ids)s::uuid[], %(conversation_ids)s::uuid[]) AS wanted (tenant_id, id)
CROSS JOIN LATERAL (
    SELECT message.id FROM messages AS message
    WHERE message.tenant_id = wanted.tenant_id AND message.conversation_id = wanted.id
    ORDER BY message.seq DESC LIMIT %(at_most)s
) AS newest
