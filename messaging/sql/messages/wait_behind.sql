-- In these messages' conversations: what waits behind one that is tried again later is not looked at before it, and never longer
-- than it may live. One that is leased has been looked at.
WITH behind AS (
    SELECT f.id, max(h.due_at) AS due_at FROM messages own
    JOIN messages h ON h.conversation_id = own.conversation_id AND h.due_at < timestamptz '9999-01-01' AND h.status = 'queued'
        AND h.lease IS NULL
    JOIN messages f ON f.conversation_id = h.conversation_id AND f.seq > h.seq AND f.due_at < h.due_at AND f.status = 'queued'
        AND f.lease IS NULL
    WHERE own.id = ANY(%(ids)s)
    GROUP BY f.id
), mine AS (
    SELECT m.id FROM messages m WHERE m.id IN (SELECT id FROM behind) ORDER BY m.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE messages m SET due_at = least(behind.due_at, m.expires_at)
FROM mine JOIN behind USING (id) WHERE m.id = mine.id AND m.status = 'queued' AND m.lease IS NULL
