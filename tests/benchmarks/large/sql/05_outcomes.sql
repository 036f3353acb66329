-- What was tried and reported of the messages that were sent.
INSERT INTO message_attempts
    (id, number, outcome, http_status, error_code, error, external_id, started_at, ended_at,
     message_id, tenant_id)
SELECT id, 1, CASE WHEN status IN ('failed', 'unknown') THEN status ELSE 'accepted' END,
       CASE status WHEN 'failed' THEN 400 WHEN 'unknown' THEN NULL ELSE 200 END,
       error_code, error, external_id, created_at, created_at, id, tenant_id
FROM messages WHERE direction = 'outbound' AND status <> 'expired';

INSERT INTO message_statuses
    (id, external_id, attempt, status, participant, error_code, error, occurred_at, recorded_at,
     channel_id, message_id, tenant_id)
SELECT overlay(message.id::text PLACING rank::text FROM 16)::uuid, external_id, 1, told, '', '', '',
       created_at, created_at, channel_id, message.id, tenant_id
FROM messages message,
     unnest('{sent,delivered,read}'::text[]) WITH ORDINALITY AS reported(told, rank)
WHERE direction = 'outbound'
  AND rank <= coalesce(array_position('{sent,delivered,read}', message.status::text), 0);
