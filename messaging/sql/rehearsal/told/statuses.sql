-- Statuses that the deliveries reported.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'statuses', report.tenant_id,
       concat_ws(' ', report.channel_id, report.external_id, report.status, report.participant),
       jsonb_build_object('message', report.message_id),
       jsonb_build_object(
           'of', coalesce(message.external_id, message.id::text), 'attempt', report.attempt,
           'recipient_ids', report.recipient_ids, 'pricing', report.pricing,
           'conversation_origin', report.conversation_origin, 'error_code', report.error_code,
           'error', report.error, 'raw', report.raw, 'occurred_at', report.occurred_at)
FROM message_statuses report
CROSS JOIN rehearsal.span
LEFT JOIN messages message ON message.id = report.message_id
WHERE report.recorded_at >= span.settled_at
   OR report.message_id IN (SELECT id FROM rehearsal.gone_messages)
