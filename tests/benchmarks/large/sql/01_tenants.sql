-- Tenants with a channel each, and their message templates. The first one is large and has a second
-- channel that is seldom used, the last one is empty.
CREATE OR REPLACE FUNCTION pg_temp.id_at(ms bigint, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid
$$;
-- The moment of message n, in milliseconds: they are spread evenly over the year until now.
CREATE OR REPLACE FUNCTION pg_temp.ms_of(n bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT %(began)s + n * 31536000000 / %(messages)s
$$;
CREATE OR REPLACE FUNCTION pg_temp.moment(ms bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT to_timestamp(ms / 1000.0::float8)
$$;
CREATE OR REPLACE FUNCTION pg_temp.fraction(n bigint, seed bigint) RETURNS float8 LANGUAGE sql STABLE AS $$
    SELECT (hashint8extended(n, seed) & 2147483647) / 2147483648::float8
$$;

INSERT INTO tenants
    (id, slug, name, status, auto_reply, created_at, replies_per_hour, resend_policy,
     staff_pause_minutes)
SELECT pg_temp.id_at(%(began)s + n, n), 't' || n, 'Tenant ' || n, 'active', 'Thanks!',
       pg_temp.moment(%(began)s + n), 1000, 'hold', 60
FROM generate_series(1, %(tenants)s) n;

INSERT INTO channels
    (id, kind, external_id, account_id, name, status, status_reason, credentials, auto_reply,
     connected_at, created_at, tenant_id, phone_number)
SELECT tenants.id, 'whatsapp', 700000000000000 + n, 800000000000000 + n, '',
       CASE WHEN n %% 50 = 49 THEN 'needs_reauth' ELSE 'live' END,
       CASE WHEN n %% 50 = 49 THEN 'The token was refused.' ELSE '' END,
       '', '', tenants.created_at, tenants.created_at, tenants.id, 15550000000 + n
FROM (SELECT *, ltrim(slug, 't')::bigint AS n FROM tenants) tenants
ORDER BY n;

INSERT INTO channels
    (id, kind, external_id, account_id, name, status, status_reason, credentials, auto_reply,
     connected_at, created_at, tenant_id, phone_number)
SELECT pg_temp.id_at(%(began)s, 0), 'whatsapp', '700000000000000', '800000000000000',
       'seldom used', 'live', '', '', '', created_at, created_at, id, '15550000000'
FROM tenants WHERE slug = 't1';

INSERT INTO message_templates
    (id, kind, account_id, external_id, name, language, category, status, quality, rejected_reason,
     parameter_format, components, told_at, tenant_id)
SELECT pg_temp.id_at(%(began)s + n, channels.place * 1000 + n), 'whatsapp', account_id,
       channels.place * 1000 + n, 'template_' || n, 'en', 'utility',
       CASE WHEN n %% 5 = 0 THEN 'deleted' ELSE 'approved' END, '', '', 'POSITIONAL',
       '[{"type": "BODY", "text": "Hello {{1}}, your order has been sent."}]', '{}', tenant_id
FROM (SELECT *, external_id::bigint - 700000000000000 AS place FROM channels) channels,
     generate_series(1, CASE channels.place WHEN 1 THEN 500 ELSE 5 END) n
WHERE channels.place > 0;
