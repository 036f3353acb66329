-- Held messages whose reason is gone are due; asked channel by channel, so that what stays held is not read. One whose file is
-- not uploaded waits for that, and no longer than it may live. What has become stale on a parked channel is let go, too: its mark
-- lets it expire, and it stands before no other of its conversation.
WITH free AS (
    SELECT m.id FROM channels c JOIN tenants t ON t.id = c.tenant_id
    CROSS JOIN LATERAL (
        SELECT id FROM messages h
        WHERE channel_id = c.id AND due_at = timestamptz '9999-01-01' AND status = 'held'
          AND (c.status NOT IN ('needs_reauth', 'restricted') OR expires_at <= now())
          AND (attachment_id IS NULL OR c.status = 'disconnected' OR expires_at <= now() OR EXISTS (
              SELECT FROM media_uploads u WHERE u.media_id = h.attachment_id AND u.channel_id = c.id
              AND u.expires_at > now() + interval '2 minutes'))
        LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) m
    WHERE c.status = 'disconnected' OR (c.status = 'live' AND t.status = 'active')
       OR c.status IN ('needs_reauth', 'restricted')
)
UPDATE messages m SET status = 'queued', due_at = now(), error = '', error_code = '' FROM free WHERE m.id = free.id
RETURNING m.id
