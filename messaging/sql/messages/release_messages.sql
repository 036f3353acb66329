-- Release held messages of these channels whose reason is gone: they are due. Each channel is asked
-- for its own, so that what stays held is not read.
WITH channels_asked AS (
    SELECT channel.id, channel.status = 'disconnected' AS is_disconnected,
           channel.status IN ('needs_reauth', 'restricted') AS is_parked
    FROM unnest(%(channel_ids)s::uuid[]) AS holding(channel_id)
    CROSS JOIN LATERAL (
        SELECT id, status, tenant_id FROM channels WHERE id = holding.channel_id OFFSET 0
    ) channel
    CROSS JOIN LATERAL (SELECT status FROM tenants WHERE id = channel.tenant_id OFFSET 0) tenant
    WHERE channel.status IN ('disconnected', 'needs_reauth', 'restricted')
       OR (channel.status = 'live' AND tenant.status = 'active')
), free AS (
    -- Of a parked channel only what is stale: its mark lets it expire, so that it holds up no other
    -- of its conversation. What has a file waits for its upload, and no longer than it may live.
    SELECT releasable.id FROM channels_asked CROSS JOIN LATERAL (
        SELECT held.id FROM messages held
        WHERE held.channel_id = channels_asked.id AND held.due_at = timestamptz '9999-01-01'
          AND held.status = 'held'
          AND (NOT is_parked OR held.expires_at <= now())
          AND (held.attachment_id IS NULL OR is_disconnected OR held.expires_at <= now()
               OR EXISTS (
                   SELECT FROM media_uploads upload
                   WHERE upload.media_id = held.attachment_id
                     AND upload.channel_id = channels_asked.id
                     AND upload.expires_at > now() + interval '2 minutes'))
        LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) releasable
)
UPDATE messages SET status = 'queued', due_at = now(), error = '', error_code = ''
FROM free WHERE messages.id = free.id
RETURNING messages.id
