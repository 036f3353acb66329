-- Delete some of a tenant's conversations in which nothing was written since a moment and that
-- nothing belongs to any more. One that somebody holds locked is about to be written in.
WITH old AS (
    SELECT id FROM conversations conversation
    WHERE tenant_id = %(tenant_id)s AND last_message_at < %(before)s AND created_at < %(before)s
      AND NOT EXISTS (
          SELECT FROM messages message
          WHERE message.tenant_id = conversation.tenant_id
            AND message.conversation_id = conversation.id)
      AND NOT EXISTS (
          SELECT FROM conversation_owner_changes change
          WHERE change.tenant_id = conversation.tenant_id
            AND change.conversation_id = conversation.id)
      AND NOT EXISTS (
          SELECT FROM thread_orders thread_order
          WHERE thread_order.tenant_id = conversation.tenant_id
            AND thread_order.conversation_id = conversation.id)
      AND NOT EXISTS (
          SELECT FROM conversations joined
          WHERE joined.tenant_id = conversation.tenant_id
            AND joined.merged_into_id = conversation.id)
    ORDER BY last_message_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
)
DELETE FROM conversations
WHERE id IN (SELECT id FROM old) AND last_message_at < %(before)s
RETURNING id
