-- What was delivered, one webhook for ten messages, and what of it could not be recorded.
INSERT INTO webhook_deliveries
    (id, kind, body, received_at, waits_since, attempts, processed_at, error)
SELECT pg_temp.id_at(pg_temp.ms_of(n), n), 'whatsapp',
       convert_to('{"object": "whatsapp_business_account", "entry": [{"id": "800000000000001", '
                  || '"changes": [{"field": "messages", "value": {"n": ' || n || '}}]}]}', 'UTF8'),
       pg_temp.moment(pg_temp.ms_of(n)), pg_temp.moment(pg_temp.ms_of(n)), 1,
       CASE WHEN n %% 100000 <> 0 THEN pg_temp.moment(pg_temp.ms_of(n)) END,
       CASE WHEN n %% 10000 = 0 THEN 'Its channel is not known.' ELSE '' END
FROM generate_series(10, %(messages)s::bigint, 10) n;

INSERT INTO dead_letters
    (id, position, cause, reason, kind, channel_external_id, item, created_at, delivery_id)
SELECT id, 0, CASE WHEN place %% 2 = 0 THEN 'rejected' ELSE 'unroutable' END,
       'It names no channel of ours.', kind, '70000' || place %% 50, '{}', received_at, id
FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM webhook_deliveries) delivery
WHERE place %% 100 = 0;
