-- Close the windows of conversations whose messages the provider refused for that; one that a newer
-- message has opened again stays open. Returns the messages whose conversation somebody else holds
-- locked: their windows are to be closed again.
-- A conversation is one row of `refused`: when the lock finds it changed, only that row is compared
-- again.
WITH refused AS (
    SELECT conversation.id, max(message.created_at) AS created_at,
           array_agg(message.id) AS message_ids
    FROM messages message
    JOIN conversations conversation ON conversation.id = message.conversation_id
    WHERE message.id = ANY(%(message_ids)s)
      AND message.created_at > coalesce(conversation.last_inbound_at, '-infinity')
      AND conversation.window_closes_at > now()
    GROUP BY conversation.id
), locked AS (
    SELECT conversation.id, refused.created_at
    FROM conversations conversation JOIN refused USING (id)
    ORDER BY conversation.id FOR NO KEY UPDATE OF conversation SKIP LOCKED
), closed AS (
    UPDATE conversations conversation
    SET window_closes_at = least(conversation.window_closes_at, now())
    FROM locked
    WHERE conversation.id = locked.id
      AND locked.created_at > coalesce(conversation.last_inbound_at, '-infinity')
)
SELECT unnest(message_ids) AS message_id FROM refused WHERE id NOT IN (SELECT id FROM locked)
