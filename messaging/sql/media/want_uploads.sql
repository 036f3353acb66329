-- Files that held messages wait for and that are not uploaded to their channel's provider: asked for from now on, and again only
-- after a while. A failed upload has failed its messages, so they wait no longer.
INSERT INTO media_uploads (id, tenant_id, media_id, channel_id, external_id, asked_at)
SELECT gen_random_uuid(), w.tenant_id, w.attachment_id, w.channel_id, '', now()
FROM (SELECT DISTINCT m.tenant_id, m.attachment_id, m.channel_id FROM messages m
      JOIN channels c ON c.id = m.channel_id AND c.status = 'live'
      WHERE m.due_at = timestamptz '9999-01-01' AND m.status = 'held' AND m.attachment_id IS NOT NULL
      LIMIT 1000) w
ORDER BY w.attachment_id, w.channel_id
ON CONFLICT (media_id, channel_id) DO UPDATE SET asked_at = now()
WHERE media_uploads.asked_at < now() - interval '10 minutes'
  AND coalesce(media_uploads.expires_at, '-infinity') < now() + interval '2 minutes'
RETURNING id, tenant_id, media_id, channel_id
