-- Channels after `after`, in their order, that have something due, do not rest and are not
-- full in this process. ORDER BY ... OFFSET 0 has each look-up made for one row after the other by
-- its index, and for no more of them than are asked for, whatever the planner believes to wait.
WITH RECURSIVE turn AS (
    (SELECT channel_id FROM messages
     WHERE due_at < timestamptz '9999-01-01' AND channel_id > %(after)s
     ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT waiting.channel_id FROM messages waiting
            WHERE waiting.due_at < timestamptz '9999-01-01'
              AND waiting.channel_id > turn.channel_id
            ORDER BY waiting.channel_id LIMIT 1)
    FROM turn WHERE turn.channel_id IS NOT NULL
), ready AS (
    -- A rest ends when the channel is connected anew. A channel that may not send does not rest:
    -- its messages are set aside.
    SELECT turn.channel_id, channel.tenant_id, pace.channel_id IS NOT NULL AS is_paced
    FROM turn
    CROSS JOIN LATERAL (
        SELECT tenant_id, status, connected_at FROM channels
        WHERE id = turn.channel_id OFFSET 0
    ) channel
    LEFT JOIN LATERAL (
        SELECT channel_id, ready_at, leased_at FROM channel_paces
        WHERE channel_id = turn.channel_id OFFSET 0
    ) pace ON true
    WHERE turn.channel_id <> ALL(%(full)s::uuid[])
      AND (pace.ready_at IS NULL OR pace.ready_at <= now()
           OR channel.connected_at > pace.leased_at OR channel.status <> 'live')
)
SELECT channel_id, tenant_id, is_paced FROM ready
WHERE EXISTS (
    SELECT FROM messages waiting
    WHERE waiting.channel_id = ready.channel_id AND waiting.due_at < timestamptz '9999-01-01'
      AND waiting.due_at <= now() AND waiting.status = 'queued'
    ORDER BY waiting.due_at OFFSET 0)
LIMIT %(at_most)s
