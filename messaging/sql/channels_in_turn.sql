-- Channels after `after`, in their order, that have a message due now, are not resting and not full in this process.
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
CROSS JOIN LATERAL (SELECT tenant_id FROM channels WHERE id = turn.channel_id) c
LEFT JOIN LATERAL (SELECT channel_id, ready_at FROM channel_paces WHERE channel_id = turn.channel_id) p ON true
WHERE turn.channel_id <> ALL(%(full)s::uuid[])
  AND (p.ready_at IS NULL OR p.ready_at <= now())
  AND EXISTS (SELECT FROM messages m WHERE m.channel_id = turn.channel_id AND m.due_at <= now() AND m.status = 'queued')
LIMIT %(at_most)s
