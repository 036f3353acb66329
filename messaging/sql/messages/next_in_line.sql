-- Let the messages be due that waited behind these, which have left or are held: the first that
-- waits of each conversation. One of these themselves, or one that is due in more than a minute,
-- waits for its next try. What somebody holds locked is due by itself soon (wait_behind.sql).
WITH touched AS (
    SELECT DISTINCT conversation_id FROM messages WHERE id = ANY(%(ids)s)
), first AS (
    SELECT message.id
    FROM touched CROSS JOIN LATERAL (
        SELECT id, status, due_at FROM messages
        WHERE conversation_id = touched.conversation_id AND due_at IS NOT NULL
          AND status <> 'held'
        ORDER BY seq LIMIT 1
    ) message
    WHERE status = 'queued' AND id <> ALL(%(ids)s)
      AND due_at > now() AND due_at <= now() + interval '1 minute'
), locked AS (
    SELECT message.id
    FROM first CROSS JOIN LATERAL (
        SELECT id FROM messages
        WHERE id = first.id AND status = 'queued' AND lease IS NULL
        FOR NO KEY UPDATE SKIP LOCKED
    ) message
)
UPDATE messages message SET due_at = now() FROM locked WHERE message.id = locked.id
