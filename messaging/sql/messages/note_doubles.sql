-- Note messages that the provider took under two ids, neither of which it has called failed: the
-- person got them twice. The note is taken back when one turns out to have failed after all.
WITH named AS (
    SELECT message_id, external_id, '' AS status FROM message_attempts
    WHERE message_id = ANY(%(ids)s) AND external_id IS NOT NULL
    UNION ALL
    SELECT message_id, external_id, status FROM message_statuses
    WHERE message_id = ANY(%(ids)s) AND participant = ''
      AND status IN ('sent', 'delivered', 'read', 'played', 'failed')
), taken AS (
    SELECT message_id, external_id FROM named GROUP BY message_id, external_id
    HAVING NOT bool_or(status = 'failed') OR bool_or(status IN ('delivered', 'read', 'played'))
), doubled AS (
    SELECT message_id AS id FROM taken GROUP BY message_id HAVING count(*) > 1
), changed AS (
    SELECT id, id IN (SELECT id FROM doubled) AS is_doubled FROM messages
    WHERE id = ANY(%(ids)s) AND (sent_twice_at IS NOT NULL) <> (id IN (SELECT id FROM doubled))
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages message SET sent_twice_at = CASE WHEN changed.is_doubled THEN now() END
FROM changed WHERE message.id = changed.id
RETURNING message.id, message.sent_twice_at
