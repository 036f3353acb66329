-- What waits behind a message that is tried again later is not looked at before it; never longer than it may live.
WITH behind AS (
    SELECT f.id, h.due_at FROM messages h
    JOIN messages f ON f.conversation_id = h.conversation_id AND f.due_at < h.due_at AND f.seq > h.seq
    WHERE h.id = ANY(%(ids)s) AND h.status = 'queued' AND f.status = 'queued' AND f.lease IS NULL
    ORDER BY f.id FOR NO KEY UPDATE OF f SKIP LOCKED
)
UPDATE messages m SET due_at = least(behind.due_at, m.expires_at) FROM behind WHERE m.id = behind.id
