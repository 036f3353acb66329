-- End what waits for an answer in these conversations, which are locked: a newer message of theirs
-- is answered instead. Returns their messages.
WITH waiting AS (
    SELECT id FROM deferred_replies
    WHERE conversation_id = ANY(%(conversation_ids)s::uuid[]) AND due_at IS NOT NULL
    ORDER BY id FOR NO KEY UPDATE
), ended AS (
    UPDATE deferred_replies reply
    SET outcome = 'superseded', due_at = NULL, lease = NULL, ended_at = statement_timestamp()
    FROM waiting WHERE reply.id = waiting.id
    RETURNING reply.tenant_id, reply.message_id
)
UPDATE messages message SET unanswered = 'burst'
FROM ended WHERE message.tenant_id = ended.tenant_id AND message.id = ended.message_id
RETURNING message.id
