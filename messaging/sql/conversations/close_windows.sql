-- Close the windows of conversations whose messages the provider refused for that; one that a newer
-- message has opened again stays open. Returns the messages whose conversation somebody else holds
-- locked: their windows are to be closed again.
WITH refused AS (
    SELECT message.id AS message_id, message.created_at, conversation.id
    FROM messages message JOIN conversations conversation
        ON conversation.id = message.conversation_id
    WHERE message.id = ANY(%(message_ids)s)
      AND message.created_at > coalesce(conversation.last_inbound_at, '-infinity')
), locked AS (
    SELECT conversation.id FROM conversations conversation
    WHERE conversation.id IN (SELECT id FROM refused)
    ORDER BY conversation.id FOR NO KEY UPDATE SKIP LOCKED
), closed AS (
    UPDATE conversations conversation
    SET window_closes_at = least(conversation.window_closes_at, now())
    FROM locked
    WHERE conversation.id = locked.id
      AND EXISTS (
          SELECT FROM refused
          WHERE refused.id = conversation.id
            AND refused.created_at > coalesce(conversation.last_inbound_at, '-infinity'))
)
SELECT message_id FROM refused WHERE id NOT IN (SELECT id FROM locked)
