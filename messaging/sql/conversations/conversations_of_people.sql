-- Find the conversations of these contacts, each contact's by the index, at most so many of all.
SELECT theirs.tenant_id, theirs.id
FROM unnest(%(tenant_ids)s::uuid[], %(contact_ids)s::uuid[]) AS wanted (tenant_id, id)
CROSS JOIN LATERAL (
    SELECT conversation.tenant_id, conversation.id FROM conversations AS conversation
    WHERE conversation.tenant_id = wanted.tenant_id AND conversation.contact_id = wanted.id
    LIMIT %(at_most)s
) AS theirs
LIMIT %(at_most)s
