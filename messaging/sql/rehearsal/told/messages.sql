-- Messages by the provider's id. Those of a shared history have places by chance and time.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, thread, seq, place, said)
SELECT %(pass)s::text, 'messages', message.tenant_id,
       concat_ws(' ', message.channel_id, message.external_id), thread.name,
       CASE WHEN NOT message.is_history THEN message.seq END,
       jsonb_build_object('message', message.id, 'delivery', message.delivery_id),
       jsonb_build_object(
           'direction', message.direction, 'origin', message.origin, 'kind', message.kind,
           'text', message.text, 'preview', message.preview, 'raw', message.raw,
           'quoted', message.quoted_external_id, 'target', message.target_external_id,
           'forwarded', message.forwarded, 'referral', message.referral,
           'is_history', message.is_history, 'status', message.status,
           'error_code', message.error_code, 'error', message.error,
           'sent_at', message.sent_at, 'created_at', message.created_at,
           'conversation', thread.name, 'delivery', message.delivery_id,
           'file', CASE WHEN file.id IS NOT NULL THEN jsonb_build_array(
               file.external_id, file.kind, file.mime_type, file.filename) END)
FROM rehearsal.deliveries delivery
JOIN messages message ON message.delivery_id = delivery.id
JOIN rehearsal.threads thread ON thread.id = message.conversation_id
LEFT JOIN media file ON file.id = message.attachment_id
