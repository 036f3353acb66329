-- Let what waits behind a message that is tried again later, in these messages' conversations, wait
-- with it: it is not looked at before, and waits no longer than it may live. One that is leased has
-- been looked at. The conditions on due_at fit no index but that of a conversation's waiting
-- messages: where the planner believes that nothing waits, all of them look the same.
WITH touched AS (
    SELECT DISTINCT conversation_id FROM messages WHERE id = ANY(%(ids)s)
), waiting AS (
    SELECT message.id, message.due_at,
           max(message.due_at) OVER (
               PARTITION BY message.conversation_id ORDER BY message.seq
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS due_before
    FROM touched CROSS JOIN LATERAL (
        SELECT id, conversation_id, seq, due_at FROM messages
        WHERE conversation_id = touched.conversation_id
          AND due_at IS NOT NULL AND due_at <> timestamptz '9999-01-01'
          AND status = 'queued' AND lease IS NULL
        OFFSET 0
    ) message
), locked AS (
    SELECT message.id, waiting.due_before
    FROM waiting CROSS JOIN LATERAL (
        SELECT id FROM messages
        WHERE id = waiting.id AND status = 'queued' AND lease IS NULL
        FOR NO KEY UPDATE SKIP LOCKED
    ) message
    WHERE waiting.due_before > greatest(waiting.due_at, now())
)
UPDATE messages message SET due_at = least(locked.due_before, message.expires_at)
FROM locked WHERE message.id = locked.id
