-- The audit log: what twenty people of the platform did, an entry for each five messages.
INSERT INTO audit_entries (id, at, user_id, username, action, kind, object_ids, tenant_id, detail)
SELECT pg_temp.id_at(pg_temp.ms_of(n), n), pg_temp.moment(pg_temp.ms_of(n)),
       pg_temp.id_at(%(began)s, n / 5 %% 20), 'operator' || n / 5 %% 20,
       CASE WHEN n %% 1000 = 0 THEN 'refused' WHEN n %% 50 = 0 THEN 'order'
            WHEN n %% 35 = 0 THEN 'search' ELSE 'read' END,
       CASE WHEN n %% 3 = 0 THEN 'messaging.message' ELSE 'messaging.conversation' END,
       ARRAY[messages.id::text, conversation_id::text], tenant_id, '{}'
FROM generate_series(5, %(messages)s::bigint, 5) n
JOIN messages ON messages.id = pg_temp.id_at(pg_temp.ms_of(n - 1), n - 1);
