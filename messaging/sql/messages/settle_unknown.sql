-- Settle messages of unknown outcome by a person's word: of these ids, those that are ours and
-- still unknown. Returns them.
WITH unsettled AS (
    SELECT id FROM messages
    WHERE id = ANY(%(ids)s) AND direction = 'outbound' AND status = 'unknown'
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages message
SET status = %(status)s::text, error = %(error)s, error_code = '',
    sent_at = CASE WHEN %(status)s::text = 'sent' THEN coalesce(sent_at, now()) ELSE sent_at END
FROM unsettled WHERE message.id = unsettled.id
RETURNING message.id, message.tenant_id, message.channel_id, message.conversation_id,
          message.status, message.origin, message.error_code, message.error
