-- What became of messages of ours that statuses came for, other than automatic replies.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'sent messages', message.tenant_id, message.id::text,
       jsonb_build_object('message', message.id),
       jsonb_build_object(
           'status', message.status, 'error_code', message.error_code, 'error', message.error)
FROM messages message
WHERE message.direction = 'outbound'
  AND message.id NOT IN (SELECT id FROM rehearsal.gone_messages)
  AND message.delivery_id IS NULL
  AND message.in_reply_to_id IS NULL
  AND EXISTS (SELECT FROM message_statuses WHERE message_statuses.message_id = message.id)
