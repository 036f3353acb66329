-- Messages that the provider took under two ids, neither of which it has called failed: the person got them twice.
WITH named AS (
    SELECT message_id, external_id, false AS is_failure FROM message_attempts
    WHERE message_id = ANY(%(ids)s) AND external_id IS NOT NULL
    UNION ALL
    SELECT message_id, external_id, status = 'failed' FROM message_statuses
    WHERE message_id = ANY(%(ids)s) AND participant = '' AND status IN ('sent', 'delivered', 'read', 'played', 'failed')
), taken AS (
    SELECT message_id, external_id FROM named GROUP BY message_id, external_id HAVING NOT bool_or(is_failure)
), doubled AS (
    SELECT m.id FROM messages m
    WHERE m.id IN (SELECT message_id FROM taken GROUP BY message_id HAVING count(*) > 1)
    ORDER BY m.id FOR NO KEY UPDATE
)
UPDATE messages m SET sent_twice_at = now() FROM doubled WHERE m.id = doubled.id AND m.sent_twice_at IS NULL
RETURNING m.id
