-- Channels after `after`, in their order, that have a message to lease now, are not resting and not full in this process. A rest
-- ends when the channel is connected anew; a channel that may not send does not rest: its messages are set aside. (OFFSET 0: one
-- channel after the other by its indexes, and no more of them than are asked for, instead of all of them joined at once.)
WITH RECURSIVE turn AS (
    (SELECT channel_id FROM messages
     WHERE due_at < timestamptz '9999-01-01' AND channel_id > %(after)s ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT m.channel_id FROM messages m
            WHERE m.due_at < timestamptz '9999-01-01' AND m.channel_id > turn.channel_id ORDER BY m.channel_id LIMIT 1)
    FROM turn WHERE turn.channel_id IS NOT NULL
)
SELECT turn.channel_id, c.tenant_id, p.channel_id IS NOT NULL AS is_paced
FROM turn
CROSS JOIN LATERAL (SELECT tenant_id, status, connected_at FROM channels WHERE id = turn.channel_id OFFSET 0) c
LEFT JOIN LATERAL (SELECT channel_id, ready_at, leased_at FROM channel_paces
                   WHERE channel_id = turn.channel_id OFFSET 0) p ON true
WHERE turn.channel_id <> ALL(%(full)s::uuid[])
  AND (p.ready_at IS NULL OR p.ready_at <= now() OR c.connected_at > p.leased_at OR c.status <> 'live')
  AND EXISTS (
      SELECT FROM messages m
      WHERE m.channel_id = turn.channel_id AND m.due_at < timestamptz '9999-01-01' AND m.due_at <= now() AND m.status = 'queued'
        AND NOT EXISTS (SELECT FROM messages e
                        WHERE e.conversation_id = m.conversation_id AND e.due_at IS NOT NULL AND e.seq < m.seq
                          AND e.status <> 'held')
      OFFSET 0)
LIMIT %(at_most)s
