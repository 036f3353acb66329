-- Lease sendable messages: channels in turn from `after`, per_channel each and none of the busy ones, only the first waiting one of a conversation.
-- One behind a held one is leased too: its mark holds it as well.
WITH RECURSIVE turn AS (
    (SELECT channel_id FROM messages
     WHERE due_at < timestamptz '9999-01-01' AND channel_id > %(after)s ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT m.channel_id FROM messages m
            WHERE m.due_at < timestamptz '9999-01-01' AND m.channel_id > turn.channel_id ORDER BY m.channel_id LIMIT 1)
    FROM turn WHERE turn.channel_id IS NOT NULL
), due AS (
    SELECT mine.id FROM turn CROSS JOIN LATERAL (
        SELECT m.id FROM messages m
        WHERE m.channel_id = turn.channel_id AND m.due_at < timestamptz '9999-01-01' AND m.due_at <= now() AND m.status = 'queued'
          AND NOT EXISTS (SELECT FROM messages e
                          WHERE e.conversation_id = m.conversation_id AND e.due_at IS NOT NULL AND e.seq < m.seq
                            AND e.status <> 'held')
        ORDER BY m.due_at LIMIT %(per_channel)s
        FOR NO KEY UPDATE SKIP LOCKED
    ) mine
    WHERE turn.channel_id <> ALL(%(busy)s::uuid[]) LIMIT %(at_most)s
)
UPDATE messages m SET lease = %(lease)s, due_at = now() + make_interval(secs => %(seconds)s)
FROM due WHERE m.id = due.id
RETURNING m.id, m.channel_id, m.conversation_id, m.seq
