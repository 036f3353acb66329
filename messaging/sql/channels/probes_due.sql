-- One held message of each channel that a refused message parked, if it was parked and probed an hour ago or earlier; locked. Only
-- a message that its mark would let leave: the first of its conversation, not stale, and without a file that is not uploaded.
WITH due AS (
    SELECT c.id, c.tenant_id FROM channels c
    JOIN tenants t ON t.id = c.tenant_id AND t.status = 'active'
    LEFT JOIN channel_probes p ON p.channel_id = c.id
    WHERE c.status IN ('needs_reauth', 'restricted') AND c.recovers_by = 'probe'
      AND greatest(c.parked_at, p.asked_at) <= now() - interval '1 hour'
)
SELECT due.tenant_id, due.id AS channel_id, first.id AS message_id, first.attempts FROM due CROSS JOIN LATERAL (
    SELECT m.id, m.attempts FROM messages m
    JOIN conversations v ON v.id = m.conversation_id
    JOIN contacts p ON p.id = v.contact_id
    WHERE m.channel_id = due.id AND m.due_at = timestamptz '9999-01-01' AND m.status = 'held'
      AND (m.attachment_id IS NULL OR EXISTS (
          SELECT FROM media_uploads u WHERE u.media_id = m.attachment_id AND u.channel_id = m.channel_id
          AND u.expires_at > now() + interval '2 minutes'))
      AND (m.expires_at IS NULL OR m.expires_at > now())
      AND (m.kind = 'template' OR v.group_external_id <> '' OR v.window_closes_at > now())
      AND p.blocked_at IS NULL AND NOT (m.is_marketing AND p.marketing_opted_out_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM messages e
                      WHERE e.conversation_id = m.conversation_id AND e.due_at IS NOT NULL AND e.seq < m.seq)
    ORDER BY m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED
) first
ORDER BY due.id
