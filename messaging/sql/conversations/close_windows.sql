-- The provider refused these messages because its window had closed; one that a newer message has opened again stays open.
-- One that somebody holds is left: the provider refuses the next message, too.
WITH mine AS (
    SELECT c.id FROM conversations c
    WHERE EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id AND m.id = ANY(%(message_ids)s)
                  AND m.created_at > coalesce(c.last_inbound_at, '-infinity'))
      AND c.id IN (SELECT conversation_id FROM messages WHERE id = ANY(%(message_ids)s))
    ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE conversations c SET window_closes_at = least(c.window_closes_at, now()) FROM mine WHERE c.id = mine.id
