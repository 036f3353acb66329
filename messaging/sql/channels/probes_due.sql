-- One held message of each of these channels that a refused message parked, if it was parked and
-- probed an hour ago or earlier; locked. Only a message that its mark would let leave: the first of
-- its conversation, not stale, and without a file that is not uploaded.
WITH due AS (
    SELECT channel.id, channel.tenant_id
    FROM unnest(%(channel_ids)s::uuid[]) AS holding(channel_id)
    CROSS JOIN LATERAL (SELECT * FROM channels WHERE id = holding.channel_id OFFSET 0) channel
    CROSS JOIN LATERAL (SELECT status FROM tenants WHERE id = channel.tenant_id OFFSET 0) tenant
    LEFT JOIN LATERAL (
        SELECT asked_at FROM channel_probes WHERE channel_id = channel.id OFFSET 0
    ) probe ON true
    WHERE channel.status IN ('needs_reauth', 'restricted') AND channel.recovers_by = 'probe'
      AND tenant.status = 'active'
      AND greatest(channel.parked_at, probe.asked_at) <= now() - interval '1 hour'
)
SELECT due.tenant_id, due.id AS channel_id, first.id AS message_id, first.attempts
FROM due CROSS JOIN LATERAL (
    SELECT held.id, held.attempts FROM messages held
    JOIN conversations conversation ON conversation.id = held.conversation_id
    JOIN contacts contact ON contact.id = conversation.contact_id
    WHERE held.channel_id = due.id AND held.due_at = timestamptz '9999-01-01'
      AND held.status = 'held'
      AND (held.attachment_id IS NULL OR EXISTS (
          SELECT FROM media_uploads upload
          WHERE upload.media_id = held.attachment_id AND upload.channel_id = held.channel_id
            AND upload.expires_at > now() + interval '2 minutes'))
      AND (held.expires_at IS NULL OR held.expires_at > now())
      AND (held.kind = 'template' OR conversation.group_external_id <> ''
           OR conversation.window_closes_at > now())
      AND contact.blocked_at IS NULL
      AND NOT (held.is_marketing AND contact.marketing_opted_out_at IS NOT NULL)
      AND NOT EXISTS (
          SELECT FROM messages earlier
          WHERE earlier.conversation_id = held.conversation_id
            AND earlier.due_at IS NOT NULL AND earlier.seq < held.seq)
    ORDER BY held.id LIMIT 1 FOR NO KEY UPDATE OF held SKIP LOCKED
) first
ORDER BY due.id
