-- Ask for the files that held messages wait for and that are not uploaded to their channel's
-- provider; for the same file again only after a while. A failed upload has failed its messages, so
-- they wait no longer.
WITH waited_for AS (
    SELECT DISTINCT message.tenant_id, message.attachment_id, message.channel_id
    FROM messages message
    CROSS JOIN LATERAL (
        SELECT FROM channels WHERE id = message.channel_id AND status = 'live' OFFSET 0
    ) channel
    WHERE message.due_at = timestamptz '9999-01-01' AND message.status = 'held'
      AND message.attachment_id IS NOT NULL
    LIMIT 1000
)
INSERT INTO media_uploads (id, tenant_id, media_id, channel_id, external_id, asked_at)
SELECT gen_random_uuid(), tenant_id, attachment_id, channel_id, '', now()
FROM waited_for ORDER BY attachment_id, channel_id
ON CONFLICT (media_id, channel_id) DO UPDATE SET asked_at = now()
WHERE media_uploads.asked_at < now() - interval '10 minutes'
  AND coalesce(media_uploads.expires_at, '-infinity') < now() + interval '2 minutes'
RETURNING id, tenant_id, media_id, channel_id
