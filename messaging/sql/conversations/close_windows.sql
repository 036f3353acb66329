-- Close the windows of conversations whose messages the provider refused for that; one that a newer
-- message has opened again stays open. One that somebody holds is left: the provider refuses the
-- next message, too.
WITH refused AS (
    SELECT conversation.id FROM conversations conversation
    WHERE EXISTS (
        SELECT FROM messages message
        WHERE message.conversation_id = conversation.id AND message.id = ANY(%(message_ids)s)
          AND message.created_at > coalesce(conversation.last_inbound_at, '-infinity'))
      AND conversation.id IN (
          SELECT conversation_id FROM messages WHERE id = ANY(%(message_ids)s))
    ORDER BY conversation.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE conversations conversation
SET window_closes_at = least(conversation.window_closes_at, now())
FROM refused WHERE conversation.id = refused.id
