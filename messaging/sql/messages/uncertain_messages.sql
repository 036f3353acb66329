-- Messages that may have been sent by a database that is gone, in the time that this one knows
-- nothing of: they wait here, and were made before this id, or answer what came before it. Locked.
-- What is tried later than in a minute was not due there either (wait_behind.sql). What is held has
-- left there if its channel may send.
WITH waiting AS (
    SELECT id, in_reply_to_id, tenant_id FROM messages
    WHERE due_at <= now() + interval '1 minute' AND status = 'queued'
    UNION ALL
    SELECT id, in_reply_to_id, tenant_id FROM messages
    WHERE lease IS NOT NULL AND due_at > now() + interval '1 minute' AND status = 'queued'
    UNION ALL
    SELECT held.id, held.in_reply_to_id, held.tenant_id
    FROM messages held
    JOIN channels channel ON channel.id = held.channel_id AND channel.status = 'live'
    JOIN tenants tenant ON tenant.id = held.tenant_id AND tenant.status = 'active'
    WHERE held.due_at = timestamptz '9999-01-01' AND held.status = 'held'
), uncertain AS (
    SELECT waiting.id FROM waiting
    LEFT JOIN messages question
        ON question.tenant_id = waiting.tenant_id AND question.id = waiting.in_reply_to_id
    WHERE waiting.id < %(before)s OR question.delivery_id < %(before)s
    ORDER BY waiting.id LIMIT %(at_most)s::int
)
SELECT message.id FROM messages message JOIN uncertain USING (id)
WHERE message.status IN ('queued', 'held')
ORDER BY message.id FOR NO KEY UPDATE OF message
