-- Channels that rest for less than a second and have something due.
SELECT p.channel_id FROM channel_paces p
WHERE p.ready_at > now() AND p.ready_at < now() + interval '1 second'
  AND EXISTS (SELECT FROM messages m WHERE m.channel_id = p.channel_id 
              AND m.due_at < timestamptz '9999-01-01' AND m.due_at <= now() AND m.status = 'queued' OFFSET 0)
LIMIT 1
