-- The event log, and endpoints that are behind it: of the first tenant one for all types and one
-- for a seldom type, both behind from the beginning, one of a small tenant, and two of the platform,
-- a fifth behind.
INSERT INTO events
    (id, type, subject_id, stream_id, data, occurred_at, position, tenant_id)
SELECT id, CASE WHEN direction = 'inbound' THEN 'message.received'
                WHEN status = 'failed' THEN 'message.failed' ELSE 'message.status' END,
       id, conversation_id,
       jsonb_build_object('message_id', id, 'conversation_id', conversation_id,
                          'channel_id', channel_id, 'status', status),
       created_at, 3 * row_number() OVER (), tenant_id
FROM messages;

INSERT INTO events (id, type, subject_id, stream_id, data, occurred_at, position, tenant_id)
SELECT overlay(id::text PLACING kind::text FROM 16)::uuid,
       (ARRAY['contact.created', 'conversation.opened'])[kind], id, id,
       jsonb_build_object('contact_id', id), pg_temp.moment(ms),
       3 * (place * %(messages)s / count(*) OVER (PARTITION BY kind)) + kind, tenant_id
FROM threads, generate_series(1, 2) kind
ORDER BY place;

INSERT INTO webhook_endpoints
    (id, credentials, url, types, description, status, disabled_reason, api_version, position,
     due_at, failures, is_slow, created_at, tenant_id)
SELECT pg_temp.id_at(%(began)s, n), '', 'https://example.com/' || n, types::text[], '', 'enabled',
       '', 'v1', CASE WHEN slug_no IS NULL THEN 3 * (%(messages)s * 4 / 5) ELSE 0 END,
       now(), 0, false, now(),
       (SELECT id FROM tenants WHERE slug = 't' || slug_no)
FROM (VALUES (1, '{}', 1), (2, '{contact.opted_out}', 1), (3, '{}', NULL),
             (4, '{}', %(tenants)s / 2), (5, '{contact.opted_out}', NULL))
    endpoint(n, types, slug_no);

INSERT INTO webhook_attempts
    (id, event_id, type, number, outcome, http_status, error, duration_ms, answer, at, tenant_id,
     endpoint_id)
SELECT pg_temp.id_at(pg_temp.ms_of(n), n * 4 + place), gen_random_uuid(), 'message.status', 1,
       'delivered', 200, '', 20, 'OK', pg_temp.moment(pg_temp.ms_of(n)), tenant_id, id
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM webhook_endpoints) endpoint,
     generate_series(1, %(messages)s / 25) n
ORDER BY n;
