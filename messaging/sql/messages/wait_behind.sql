-- Let what waits behind another message of its conversation be looked at later: after a second for
-- each message before it, or when one before it is tried again, a minute at most. It is due earlier
-- once the one before it has left (next_in_line.sql). What is behind a held one alone is to be
-- held, too.
WITH waiting AS (
    SELECT message.id, before.messages, before.until
    FROM unnest(%(ids)s::uuid[]) AS asked(id)
    CROSS JOIN LATERAL (
        SELECT id, conversation_id, seq FROM messages WHERE id = asked.id OFFSET 0
    ) message
    CROSS JOIN LATERAL (
        SELECT count(*) AS messages,
               max(due_at) FILTER (WHERE status = 'queued' AND lease IS NULL) AS until
        FROM (
            SELECT status, lease, due_at FROM messages earlier
            WHERE earlier.conversation_id = message.conversation_id
              AND earlier.due_at IS NOT NULL AND earlier.seq < message.seq
              AND earlier.status <> 'held'
            ORDER BY earlier.seq LIMIT 60
        ) earlier
    ) before
    WHERE before.messages > 0
)
UPDATE messages message
SET due_at = least(greatest(now() + waiting.messages * interval '1 second', waiting.until),
                   now() + interval '1 minute')
FROM waiting WHERE message.id = waiting.id
