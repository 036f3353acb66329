-- Let what waits behind a message that is tried again later, in these messages' conversations, wait
-- with it: it is not looked at before, and waits no longer than it may live. One that is leased has
-- been looked at.
WITH behind AS (
    SELECT follower.id, max(retried.due_at) AS due_at FROM messages own
    JOIN messages retried
        ON retried.conversation_id = own.conversation_id
        AND retried.due_at < timestamptz '9999-01-01' AND retried.status = 'queued'
        AND retried.lease IS NULL
    JOIN messages follower
        ON follower.conversation_id = retried.conversation_id AND follower.seq > retried.seq
        AND follower.due_at < retried.due_at AND follower.status = 'queued'
        AND follower.lease IS NULL
    WHERE own.id = ANY(%(ids)s)
    GROUP BY follower.id
), locked AS (
    SELECT id FROM messages WHERE id IN (SELECT id FROM behind)
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE messages message SET due_at = least(behind.due_at, message.expires_at)
FROM locked JOIN behind USING (id)
WHERE message.id = locked.id AND message.status = 'queued' AND message.lease IS NULL
