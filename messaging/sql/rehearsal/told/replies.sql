-- The reply to each message that came in, or why it got none.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'replies', question.tenant_id,
       concat_ws(' ', question.channel_id, question.external_id),
       jsonb_build_object('message', question.id, 'delivery', question.delivery_id),
       CASE WHEN reply.id IS NULL THEN jsonb_build_object('unanswered', question.unanswered)
       ELSE jsonb_build_object(
           'unanswered', '', 'kind', reply.kind, 'text', reply.text, 'preview', reply.preview,
           'raw', reply.raw, 'recipient', reply.recipient, 'status', reply.status,
           'error_code', reply.error_code, 'error', reply.error) END
FROM rehearsal.deliveries delivery
JOIN messages question ON question.delivery_id = delivery.id AND question.direction = 'inbound'
JOIN rehearsal.threads thread ON thread.id = question.conversation_id
LEFT JOIN messages reply
    ON reply.tenant_id = question.tenant_id AND reply.in_reply_to_id = question.id
