-- Held messages whose reason is gone are due.
WITH free AS (
    SELECT m.id FROM messages m JOIN channels c ON c.id = m.channel_id JOIN tenants t ON t.id = m.tenant_id
    WHERE m.due_at = timestamptz '9999-01-01' AND m.status = 'held'
      AND (c.status = 'disconnected' OR (c.status = 'live' AND t.status = 'active'))
    ORDER BY m.id LIMIT 10000 FOR NO KEY UPDATE OF m SKIP LOCKED
)
UPDATE messages m SET status = 'queued', due_at = now(), error = '', error_code = '' FROM free WHERE m.id = free.id
RETURNING m.id
