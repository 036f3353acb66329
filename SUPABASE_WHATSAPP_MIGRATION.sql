-- Everything this project needs in a Supabase project, for its SQL editor: roles, tables, row level
-- security, grants. Made by `manage.py supabase_sql`; do not edit it but for the password.
--
-- 1. Put a new password, of letters and digits, into the line that ends in "-- here".
-- 2. Run all of it as the role `postgres`. It is one transaction: an error leaves nothing behind.
-- 3. DATABASE_URL=postgresql://msg_app:PASSWORD@db.PROJECT.supabase.co:5432/postgres
--
-- It may be run once, in a project without the schemas "messaging" and "jobs"; a second run is
-- refused. Later releases come with `manage.py prepare_database`, which finds nothing to do after
-- this file. docs/deployment.md has more.

BEGIN;

-- Is this an empty project, and is it the right role's session? An error ends all that follows.
DO $$
DECLARE
    taken text;
BEGIN
    IF current_setting('server_version_num')::int < 150000 THEN
        RAISE EXCEPTION 'Nothing was changed: PostgreSQL 15 or newer is needed.';
    END IF;
    SELECT nspname INTO taken FROM pg_namespace WHERE nspname IN ('messaging', 'jobs')
    ORDER BY 1 DESC;
    IF FOUND THEN
        RAISE EXCEPTION 'Nothing was changed: the schema "%" is here already. '
            'This file is for a project without it; prepare_database brings one up to date.', taken;
    END IF;
    SELECT rolname INTO taken FROM pg_roles
    WHERE rolname IN ('msg_app', 'msg_auth', 'msg_jobs', 'msg_operator', 'msg_resolver', 'msg_router', 'msg_sequencer', 'msg_webhooks')
    ORDER BY 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Nothing was changed: the role "%" is here already. '
            'This file is for a project without it; prepare_database makes use of one.', taken;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user
                   AND (rolcreaterole OR rolsuper)) THEN
        RAISE EXCEPTION 'Nothing was changed: "%" may not create roles. Run this as postgres.',
            current_user;
    END IF;
END $$;

-- The role that web, worker and jobs sign in with. Row level security binds it.
DO $$
DECLARE
    password constant text := 'CHANGE-ME';  -- here
BEGIN
    IF password IN ('', 'CHANGE' || '-ME') THEN
        RAISE EXCEPTION 'Nothing was changed: put a password of your own where CHANGE-ME stands.';
    END IF;
    EXECUTE format('CREATE ROLE msg_app LOGIN NOINHERIT PASSWORD %L', password);
END $$;
ALTER ROLE msg_app SET search_path = messaging, jobs, pg_temp;
ALTER ROLE msg_app SET timezone = 'UTC';
ALTER ROLE msg_app SET lock_timeout = '2s';
ALTER ROLE msg_app SET statement_timeout = '30s';
ALTER ROLE msg_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE msg_app SET tcp_keepalives_idle = '30';
ALTER ROLE msg_app SET tcp_keepalives_interval = '10';
ALTER ROLE msg_app SET tcp_keepalives_count = '3';
ALTER ROLE msg_app SET tcp_user_timeout = '60000';

-- Roles that nobody signs in with. msg_app turns into one of them for a transaction at a time,
-- but never into msg_resolver.
CREATE ROLE msg_operator NOLOGIN;
CREATE ROLE msg_router NOLOGIN;
CREATE ROLE msg_auth NOLOGIN;
CREATE ROLE msg_jobs NOLOGIN;
CREATE ROLE msg_sequencer NOLOGIN;
CREATE ROLE msg_webhooks NOLOGIN;
CREATE ROLE msg_resolver NOLOGIN;
GRANT msg_operator, msg_router, msg_auth, msg_jobs, msg_sequencer, msg_webhooks TO msg_app;
GRANT msg_auth TO msg_operator;

-- Whoever runs this owns the tables. As the operator, whose rights it does not inherit, it changes
-- tenants' rows in later migrations; the functions of msg_resolver are made by it.
DO $$
BEGIN
    EXECUTE 'GRANT msg_operator TO CURRENT_USER' ||
        CASE WHEN current_setting('server_version_num')::int < 160000 THEN ''
        ELSE ' WITH INHERIT FALSE' END;
END $$;
GRANT msg_resolver TO CURRENT_USER;

-- The owner finds the tables by name; what it creates still lands where it did.
DO $$
DECLARE
    path constant text := (SELECT reset_val FROM pg_settings WHERE name = 'search_path');
BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET search_path = ',
        current_database()) || path || ', messaging, jobs';
END $$;

-- Trigrams, by which a part of a name is found. Indexes below name them where Supabase has its
-- extensions.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
DO $$
DECLARE
    found text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm');
BEGIN
    IF found <> 'extensions' THEN
        RAISE EXCEPTION 'Nothing was changed: pg_trgm is in the schema "%". '
            'First run: ALTER EXTENSION pg_trgm SET SCHEMA extensions', found;
    END IF;
END $$;

CREATE SCHEMA messaging;
CREATE SCHEMA jobs;
SET LOCAL check_function_bodies = off;  -- a function may name one that comes after it

-- Types

CREATE TYPE jobs.procrastinate_job_event_type AS ENUM ('deferred', 'started', 'deferred_for_retry', 'failed', 'succeeded', 'cancelled', 'abort_requested', 'aborted', 'scheduled', 'retried');

CREATE TYPE jobs.procrastinate_job_status AS ENUM ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted');

CREATE TYPE jobs.procrastinate_job_to_defer_v1 AS (
    queue_name character varying,
    task_name character varying,
    priority integer,
    lock text,
    queueing_lock text,
    args jsonb,
    scheduled_at timestamp with time zone
);

-- Tables, with their indexes and policies

CREATE TABLE messaging.alerts (
    id uuid NOT NULL,
    kind character varying(30) NOT NULL,
    tenant_id uuid,
    channel_id uuid,
    whose character varying(500) NOT NULL,
    said text NOT NULL,
    step text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    over_at timestamp with time zone,
    told_at timestamp with time zone,
    over_told_at timestamp with time zone,
    is_owners boolean NOT NULL,
    telling_until timestamp with time zone,
    CONSTRAINT alerts_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX alert_open_once_a_problem ON messaging.alerts USING btree (kind, tenant_id, channel_id) NULLS NOT DISTINCT WHERE (over_at IS NULL);
ALTER TABLE messaging.alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.alerts FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.alerts TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.alerts TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE messaging.api_keys (
    id uuid NOT NULL,
    name character varying(100) NOT NULL,
    prefix character varying(16) NOT NULL,
    hash bytea NOT NULL,
    scopes character varying(40)[] NOT NULL,
    requests_per_second integer DEFAULT 50 NOT NULL,
    burst integer DEFAULT 200 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by character varying(150) NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    used_at timestamp with time zone,
    tokens double precision DEFAULT 0.0 NOT NULL,
    tenant_id uuid,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_key_given_once UNIQUE (hash),
    CONSTRAINT apikey_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT api_key_has_a_rate_limit CHECK (((burst >= 1) AND (burst <= 10000) AND (requests_per_second >= 1) AND (requests_per_second <= 1000))),
    CONSTRAINT api_key_scopes_known CHECK ((((scopes <@ ARRAY['channels:read'::character varying(40), 'channels:write'::character varying(40), 'contacts:read'::character varying(40), 'contacts:write'::character varying(40), 'contacts:export'::character varying(40), 'contacts:erase'::character varying(40), 'conversations:read'::character varying(40), 'conversations:write'::character varying(40), 'messages:read'::character varying(40), 'messages:write'::character varying(40), 'templates:read'::character varying(40), 'media:read'::character varying(40), 'media:write'::character varying(40), 'events:read'::character varying(40), 'webhooks:read'::character varying(40), 'webhooks:write'::character varying(40)]) AND (tenant_id IS NOT NULL) AND (NOT (scopes = '{}'::character varying(40)[]))) OR ((scopes = ARRAY['platform'::character varying(40)]) AND (tenant_id IS NULL)))),
    CONSTRAINT api_keys_burst_check CHECK ((burst >= 0)),
    CONSTRAINT api_keys_requests_per_second_check CHECK ((requests_per_second >= 0))
);
ALTER TABLE messaging.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY count_use ON messaging.api_keys FOR UPDATE TO msg_resolver
    USING (true);
CREATE POLICY look_up ON messaging.api_keys FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.api_keys TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.api_keys TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.api_keys
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.audit_entries (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id uuid,
    username character varying(150) NOT NULL,
    action character varying(20) NOT NULL,
    kind character varying(100) NOT NULL,
    object_ids character varying(64)[] NOT NULL,
    detail jsonb NOT NULL,
    tenant_id uuid,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (id),
    CONSTRAINT audit_action_known CHECK ((action IN ('read', 'search', 'export', 'create', 'change', 'delete', 'order', 'sign_in', 'sign_in_failed', 'sign_out', 'refused')))
);
CREATE INDEX audit_of_a_kind ON messaging.audit_entries USING btree (kind, id);
CREATE INDEX audit_of_a_tenant ON messaging.audit_entries USING btree (tenant_id, id);
CREATE INDEX audit_of_a_user ON messaging.audit_entries USING btree (user_id, id);
CREATE INDEX audit_of_an_action ON messaging.audit_entries USING btree (action, id);
CREATE INDEX audit_of_an_object ON messaging.audit_entries USING gin (object_ids);
ALTER TABLE messaging.audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY adds ON messaging.audit_entries FOR INSERT TO msg_auth, msg_operator
    WITH CHECK (true);
CREATE POLICY deletes_what_is_old ON messaging.audit_entries FOR DELETE TO msg_resolver
    USING ((at < (now() - '90 days'::interval)));
CREATE POLICY reads ON messaging.audit_entries FOR SELECT TO msg_operator
    USING (true);
CREATE POLICY sees_what_is_old ON messaging.audit_entries FOR SELECT TO msg_resolver
    USING ((at < (now() - '90 days'::interval)));

CREATE TABLE messaging.auth_group (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    name character varying(150) NOT NULL,
    CONSTRAINT auth_group_pkey PRIMARY KEY (id),
    CONSTRAINT auth_group_name_key UNIQUE (name)
);
CREATE INDEX auth_group_name_a6ea08ec_like ON messaging.auth_group USING btree (name varchar_pattern_ops);

CREATE TABLE messaging.auth_group_permissions (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL,
    CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id)
);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON messaging.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON messaging.auth_group_permissions USING btree (permission_id);

CREATE TABLE messaging.auth_permission (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL,
    CONSTRAINT auth_permission_pkey PRIMARY KEY (id),
    CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename)
);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON messaging.auth_permission USING btree (content_type_id);

CREATE TABLE messaging.axes_accessattempt (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id),
    CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent),
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);
CREATE INDEX axes_accessattempt_ip_address_10922d9c ON messaging.axes_accessattempt USING btree (ip_address);
CREATE INDEX axes_accessattempt_user_agent_ad89678b ON messaging.axes_accessattempt USING btree (user_agent);
CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON messaging.axes_accessattempt USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON messaging.axes_accessattempt USING btree (username);
CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON messaging.axes_accessattempt USING btree (username varchar_pattern_ops);

CREATE TABLE messaging.axes_accessattemptexpiration (
    access_attempt_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT axes_accessattemptexpiration_pkey PRIMARY KEY (access_attempt_id)
);

CREATE TABLE messaging.axes_accessfailurelog (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL,
    CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id)
);
CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON messaging.axes_accessfailurelog USING btree (ip_address);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON messaging.axes_accessfailurelog USING btree (user_agent);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON messaging.axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON messaging.axes_accessfailurelog USING btree (username);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON messaging.axes_accessfailurelog USING btree (username varchar_pattern_ops);

CREATE TABLE messaging.axes_accesslog (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL,
    CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id)
);
CREATE INDEX axes_accesslog_ip_address_86b417e5 ON messaging.axes_accesslog USING btree (ip_address);
CREATE INDEX axes_accesslog_user_agent_0e659004 ON messaging.axes_accesslog USING btree (user_agent);
CREATE INDEX axes_accesslog_user_agent_0e659004_like ON messaging.axes_accesslog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accesslog_username_df93064b ON messaging.axes_accesslog USING btree (username);
CREATE INDEX axes_accesslog_username_df93064b_like ON messaging.axes_accesslog USING btree (username varchar_pattern_ops);

CREATE TABLE messaging.channel_events (
    id uuid NOT NULL,
    provider character varying(20) NOT NULL,
    account_id character varying(128) NOT NULL,
    kind character varying(64) NOT NULL,
    severity character varying(10) NOT NULL,
    summary character varying(500) NOT NULL,
    raw jsonb,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    delivery_id uuid NOT NULL,
    fingerprint character varying(64) NOT NULL,
    channel_id uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT channel_events_pkey PRIMARY KEY (id),
    CONSTRAINT channel_event_kept_once_a_tenant UNIQUE (tenant_id, fingerprint),
    CONSTRAINT channelevent_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT channel_event_severity_known CHECK ((severity IN ('info', 'warning', 'critical')))
);
CREATE INDEX channel_event_by_account ON messaging.channel_events USING btree (tenant_id, provider, account_id, occurred_at DESC);
ALTER TABLE messaging.channel_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.channel_events FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.channel_events TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.channel_events TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.channel_events
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.channel_moves (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    external_id character varying(128) NOT NULL,
    from_tenant_id uuid NOT NULL,
    from_channel_id uuid NOT NULL,
    to_tenant_id uuid NOT NULL,
    by_user_id uuid,
    moved_at timestamp with time zone NOT NULL,
    by_link_id uuid,
    CONSTRAINT channel_moves_pkey PRIMARY KEY (id),
    CONSTRAINT channel_moved_by_a_member_or_by_a_link CHECK ((((by_link_id IS NOT NULL) AND (by_user_id IS NULL)) OR ((by_link_id IS NULL) AND (by_user_id IS NOT NULL))))
);
ALTER TABLE messaging.channel_moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.channel_moves FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.channel_moves TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.channel_moves TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE messaging.channel_paces (
    id uuid NOT NULL,
    ready_at timestamp with time zone NOT NULL,
    slots integer NOT NULL,
    slowed_to double precision,
    proven_at timestamp with time zone,
    leased_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT channel_paces_pkey PRIMARY KEY (id),
    CONSTRAINT channelpace_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT one_pace_per_channel UNIQUE (channel_id, tenant_id),
    CONSTRAINT channel_paces_slots_check CHECK ((slots >= 0))
) WITH (fillfactor=50);
ALTER TABLE messaging.channel_paces ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.channel_paces FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.channel_paces FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.channel_paces TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.channel_paces TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.channel_paces
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.channel_probes (
    id uuid NOT NULL,
    message_id uuid NOT NULL,
    attempts smallint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT channel_probes_pkey PRIMARY KEY (id),
    CONSTRAINT channelprobe_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT one_probe_per_channel UNIQUE (channel_id, tenant_id),
    CONSTRAINT channel_probes_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE messaging.channel_probes ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.channel_probes FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.channel_probes TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.channel_probes TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.channel_probes
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.channels (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    external_id character varying(128) NOT NULL,
    account_id character varying(128) NOT NULL,
    name character varying(200) NOT NULL,
    status character varying(20) NOT NULL,
    status_reason character varying(500) NOT NULL,
    credentials text NOT NULL,
    auto_reply text NOT NULL,
    connected_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid NOT NULL,
    messages_per_second smallint DEFAULT 80 NOT NULL,
    health jsonb DEFAULT '{}'::jsonb NOT NULL,
    phone_number character varying(64) DEFAULT ''::character varying NOT NULL,
    token_expires_at timestamp with time zone,
    parked_at timestamp with time zone,
    recovers_by character varying(10) DEFAULT 'check'::character varying NOT NULL,
    is_test boolean DEFAULT false NOT NULL,
    shared_at timestamp with time zone,
    takes_idle_threads boolean DEFAULT false NOT NULL,
    CONSTRAINT channels_pkey PRIMARY KEY (id),
    CONSTRAINT channel_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT channel_recovery_known CHECK ((recovers_by IN ('check', 'probe', 'reconnect'))),
    CONSTRAINT channel_sends_at_a_known_rate CHECK (((messages_per_second >= 1) AND (messages_per_second <= 1000))),
    CONSTRAINT channel_status_known CHECK ((status IN ('pending', 'live', 'needs_reauth', 'restricted', 'disconnected'))),
    CONSTRAINT channels_messages_per_second_check CHECK ((messages_per_second >= 0)),
    CONSTRAINT test_channel_has_ids_of_ours CHECK (((((account_id)::text = (external_id)::text) AND ((external_id)::text ~ '^test-[0-9a-f]{32}$'::text) AND is_test) OR ((NOT is_test) AND (NOT ((external_id)::text ~ '^test-[0-9a-f]{32}$'::text)))))
);
CREATE INDEX channel_by_account ON messaging.channels USING btree (kind, account_id);
CREATE INDEX channel_by_external_id ON messaging.channels USING btree (kind, external_id);
CREATE UNIQUE INDEX channel_number_has_one_owner ON messaging.channels USING btree (kind, external_id) WHERE (status IN ('live', 'needs_reauth', 'restricted'));
CREATE UNIQUE INDEX channel_of_a_tenant_once_a_number ON messaging.channels USING btree (tenant_id, kind, external_id) WHERE (NOT ((status)::text = 'disconnected'::text));
ALTER TABLE messaging.channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.channels FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up_tests ON messaging.channels FOR SELECT TO msg_resolver
    USING (is_test);
CREATE POLICY msg_operator ON messaging.channels TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.channels TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.channels
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.connect_links (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    return_url character varying(2000) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by character varying(150) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    used_at timestamp with time zone,
    channel_id uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT connect_links_pkey PRIMARY KEY (id),
    CONSTRAINT connectlink_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT connect_link_is_used_by_a_channel CHECK ((((channel_id IS NULL) AND (used_at IS NULL)) OR ((channel_id IS NOT NULL) AND (used_at IS NOT NULL)))),
    CONSTRAINT connect_link_leads_back_to_a_page CHECK ((((return_url)::text ~~ 'https://%'::text) OR ((return_url)::text ~~ 'http://%'::text)))
);
ALTER TABLE messaging.connect_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.connect_links FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.connect_links FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.connect_links TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.connect_links TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.connect_links
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.contact_changes (
    id uuid NOT NULL,
    what character varying(20) NOT NULL,
    kind character varying(20) NOT NULL,
    old character varying(512) NOT NULL,
    new character varying(512) NOT NULL,
    by character varying(150) NOT NULL,
    delivery_id uuid,
    is_open boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    contact_id uuid NOT NULL,
    other_id uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT contact_changes_pkey PRIMARY KEY (id),
    CONSTRAINT contactchange_id_in_tenant UNIQUE (tenant_id, id)
);
CREATE INDEX change_about_contact ON messaging.contact_changes USING btree (tenant_id, other_id) WHERE (other_id IS NOT NULL);
CREATE INDEX change_is_open ON messaging.contact_changes USING btree (tenant_id, id) WHERE is_open;
CREATE INDEX change_of_contact ON messaging.contact_changes USING btree (tenant_id, contact_id);
CREATE UNIQUE INDEX dispute_recorded_once ON messaging.contact_changes USING btree (contact_id, other_id, kind, new) WHERE ((what)::text = 'id_disputed'::text);
ALTER TABLE messaging.contact_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.contact_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.contact_changes TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.contact_changes TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.contact_changes
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.contact_identities (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    value character varying(512) NOT NULL,
    contact_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    account_id character varying(512) DEFAULT ''::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT contact_identities_pkey PRIMARY KEY (id),
    CONSTRAINT contactidentity_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT identity_belongs_to_one_contact UNIQUE (tenant_id, kind, value),
    CONSTRAINT identity_kind_known CHECK ((kind IN ('bsuid', 'parent_bsuid', 'wa_id', 'phone')))
);
CREATE INDEX identity_by_beginning ON messaging.contact_identities USING btree (value varchar_pattern_ops);
CREATE INDEX identity_by_contact ON messaging.contact_identities USING btree (tenant_id, contact_id);
CREATE INDEX identity_by_end ON messaging.contact_identities USING btree (reverse((value)::text) text_pattern_ops);
ALTER TABLE messaging.contact_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.contact_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.contact_identities TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.contact_identities TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.contact_identities
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.contacts (
    id uuid NOT NULL,
    name character varying(256) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid NOT NULL,
    blocked_at timestamp with time zone,
    marketing_decided_at timestamp with time zone,
    marketing_opted_out_at timestamp with time zone,
    merged_into_id uuid,
    saved_name character varying(256) DEFAULT ''::character varying NOT NULL,
    saved_name_at timestamp with time zone,
    username character varying(256) DEFAULT ''::character varying NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT contacts_pkey PRIMARY KEY (id),
    CONSTRAINT contact_id_in_tenant UNIQUE (tenant_id, id)
);
CREATE INDEX contact_by_name ON messaging.contacts USING btree (upper((name)::text) text_pattern_ops);
CREATE INDEX contact_by_part_of_a_name ON messaging.contacts USING gin (upper((name)::text) extensions.gin_trgm_ops, upper((saved_name)::text) extensions.gin_trgm_ops, upper((username)::text) extensions.gin_trgm_ops) WITH (fastupdate=off);
CREATE INDEX contact_by_saved_name ON messaging.contacts USING btree (upper((saved_name)::text) text_pattern_ops);
CREATE INDEX contact_by_username ON messaging.contacts USING btree (upper((username)::text) text_pattern_ops);
ALTER TABLE messaging.contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.contacts TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.contacts TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.contacts
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.conversation_owner_changes (
    id uuid NOT NULL,
    owner character varying(6) NOT NULL,
    told_by character varying(11) NOT NULL,
    note character varying(2000) NOT NULL,
    by character varying(150) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    conversation_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT conversation_owner_changes_pkey PRIMARY KEY (id),
    CONSTRAINT ownerchange_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT owner_change_of_known_words CHECK (((owner IN ('us', 'other', 'nobody')) AND (told_by IN ('standby', 'message', 'we_passed', 'we_released', 'we_took', 'refused', 'passed', 'taken', 'unclear'))))
);
CREATE INDEX owner_change_in_order ON messaging.conversation_owner_changes USING btree (tenant_id, conversation_id, occurred_at);
ALTER TABLE messaging.conversation_owner_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.conversation_owner_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.conversation_owner_changes TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.conversation_owner_changes TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.conversation_owner_changes
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.conversations (
    id uuid NOT NULL,
    group_external_id character varying(512) NOT NULL,
    status character varying(20) NOT NULL,
    last_seq bigint NOT NULL,
    last_message_at timestamp with time zone NOT NULL,
    last_inbound_at timestamp with time zone,
    window_closes_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    merged_into_id uuid,
    reply_to character varying(512) DEFAULT ''::character varying NOT NULL,
    replies_paused_until timestamp with time zone,
    read_seq bigint DEFAULT 0 NOT NULL,
    owner character varying(6) DEFAULT ''::character varying NOT NULL,
    owner_since timestamp with time zone,
    owner_told_at timestamp with time zone,
    owner_told_by character varying(11) DEFAULT ''::character varying NOT NULL,
    owner_until timestamp with time zone,
    waiting_because character varying(10) DEFAULT ''::character varying NOT NULL,
    waiting_note character varying(500) DEFAULT ''::character varying NOT NULL,
    waiting_since timestamp with time zone,
    CONSTRAINT conversations_pkey PRIMARY KEY (id),
    CONSTRAINT conversation_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT one_conversation_per_channel_and_contact UNIQUE (channel_id, contact_id, group_external_id),
    CONSTRAINT conversation_owner_with_source_and_moments CHECK (((((owner)::text = ''::text) AND (owner_since IS NULL) AND (owner_told_at IS NULL) AND ((owner_told_by)::text = ''::text)) OR ((owner IN ('us', 'other', 'nobody')) AND (owner_since IS NOT NULL) AND (owner_told_at IS NOT NULL) AND (owner_told_by IN ('standby', 'message', 'we_passed', 'we_released', 'we_took', 'refused', 'passed', 'taken', 'unclear'))))),
    CONSTRAINT conversation_status_known CHECK ((status IN ('open', 'closed'))),
    CONSTRAINT conversation_waits_for_a_known_reason CHECK (((((waiting_because)::text = ''::text) AND ((waiting_note)::text = ''::text) AND (waiting_since IS NULL)) OR ((waiting_because IN ('strategy', 'failed', 'timeout', 'unsendable', 'order')) AND (waiting_since IS NOT NULL))))
) WITH (fillfactor=85);
CREATE INDEX conversation_by_contact ON messaging.conversations USING btree (tenant_id, contact_id);
CREATE INDEX conversation_by_status_newest ON messaging.conversations USING btree (tenant_id, status, last_message_at DESC);
CREATE INDEX conversation_by_window ON messaging.conversations USING btree (window_closes_at, id);
CREATE INDEX conversation_newest_in_tenant ON messaging.conversations USING btree (tenant_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_waits_for_people ON messaging.conversations USING btree (tenant_id, waiting_since) WHERE (waiting_since IS NOT NULL);
CREATE INDEX conversation_written_in_last ON messaging.conversations USING btree (last_message_at, id);
ALTER TABLE messaging.conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.conversations TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.conversations TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.conversations
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.dead_letters (
    id uuid NOT NULL,
    "position" integer NOT NULL,
    cause character varying(20) NOT NULL,
    reason character varying(500) NOT NULL,
    kind character varying(20) NOT NULL,
    channel_external_id character varying(512) NOT NULL,
    item text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    delivery_id uuid NOT NULL,
    CONSTRAINT dead_letters_pkey PRIMARY KEY (id),
    CONSTRAINT dead_letter_kept_once UNIQUE (delivery_id, "position")
);
CREATE INDEX dead_letter_rejected_lately ON messaging.dead_letters USING btree (created_at) WHERE ((cause)::text = 'rejected'::text);
CREATE INDEX dead_letter_waits_for ON messaging.dead_letters USING btree (kind, channel_external_id) WHERE ((cause)::text = 'unroutable'::text);
ALTER TABLE messaging.dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.dead_letters TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.dead_letters TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE messaging.deferred_replies (
    id uuid NOT NULL,
    strategy character varying(200) NOT NULL,
    settings jsonb NOT NULL,
    deadline timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    lease uuid,
    attempts smallint NOT NULL,
    outcome character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    conversation_id uuid NOT NULL,
    message_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT deferred_replies_pkey PRIMARY KEY (id),
    CONSTRAINT deferredreply_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT message_has_one_deferred_reply UNIQUE (tenant_id, message_id),
    CONSTRAINT deferred_replies_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT deferred_reply_waits_or_is_over CHECK ((((due_at IS NOT NULL) AND (ended_at IS NULL) AND ((outcome)::text = ''::text)) OR ((due_at IS NULL) AND (ended_at IS NOT NULL) AND (lease IS NULL) AND (outcome IN ('answered', 'unanswered', 'superseded', 'left')))))
);
CREATE INDEX deferred_reply_due_of_tenant ON messaging.deferred_replies USING btree (tenant_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX deferred_reply_in_time ON messaging.deferred_replies USING btree (deadline) WHERE (due_at IS NOT NULL);
CREATE INDEX deferred_reply_over_since ON messaging.deferred_replies USING btree (ended_at) WHERE (due_at IS NULL);
CREATE INDEX deferred_reply_waiting_in ON messaging.deferred_replies USING btree (conversation_id) WHERE (due_at IS NOT NULL);
ALTER TABLE messaging.deferred_replies ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.deferred_replies FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.deferred_replies TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.deferred_replies TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.deferred_replies
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.django_admin_log (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id uuid NOT NULL,
    CONSTRAINT django_admin_log_pkey PRIMARY KEY (id),
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON messaging.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON messaging.django_admin_log USING btree (user_id);

CREATE TABLE messaging.django_content_type (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL,
    CONSTRAINT django_content_type_pkey PRIMARY KEY (id),
    CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model)
);

CREATE TABLE messaging.django_migrations (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL,
    CONSTRAINT django_migrations_pkey PRIMARY KEY (id)
);

CREATE TABLE messaging.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    CONSTRAINT django_session_pkey PRIMARY KEY (session_key)
);
CREATE INDEX django_session_expire_date_a5c62663 ON messaging.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON messaging.django_session USING btree (session_key varchar_pattern_ops);

CREATE TABLE messaging.erased_messages (
    id uuid NOT NULL,
    hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT erased_messages_pkey PRIMARY KEY (id),
    CONSTRAINT erased_once UNIQUE (channel_id, hash),
    CONSTRAINT erasedmessage_id_in_tenant UNIQUE (tenant_id, id)
);
CREATE INDEX erased_until ON messaging.erased_messages USING btree (expires_at);
ALTER TABLE messaging.erased_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.erased_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.erased_messages TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.erased_messages TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.erased_messages
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.erasures (
    id uuid NOT NULL,
    contact_hash bytea NOT NULL,
    contact_id uuid,
    by character varying(150) NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    finished_at timestamp with time zone,
    waits_for character varying(10) NOT NULL,
    counts jsonb NOT NULL,
    scanned_to uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT contact_erased_once UNIQUE (tenant_id, contact_hash),
    CONSTRAINT erasure_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT erasure_waits_for_known_things CHECK ((waits_for IN ('', 'sending', 'deliveries', 'writing'))),
    CONSTRAINT finished_erasure_names_nobody CHECK (((finished_at IS NULL) OR (contact_id IS NULL)))
);
CREATE INDEX erasure_not_finished ON messaging.erasures USING btree (id) WHERE (finished_at IS NULL);
ALTER TABLE messaging.erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.erasures TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.erasures TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.erasures
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.events (
    id uuid NOT NULL,
    type character varying(40) NOT NULL,
    subject_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    "position" bigint,
    tenant_id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT loggedevent_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT event_type_known CHECK ((type IN ('message.received', 'message.status', 'message.failed', 'conversation.opened', 'conversation.closed', 'conversation.handed_over', 'conversation.owner_changed', 'contact.created', 'contact.changed', 'contact.merged', 'contact.opted_out', 'contact.erased', 'channel.status', 'template.status')))
);
CREATE INDEX event_by_type_in_order ON messaging.events USING btree (type, "position") WHERE ("position" IS NOT NULL);
CREATE INDEX event_of_a_tenant_by_type ON messaging.events USING btree (tenant_id, type, "position") WHERE ("position" IS NOT NULL);
CREATE INDEX event_of_a_tenant_in_order ON messaging.events USING btree (tenant_id, "position") WHERE ("position" IS NOT NULL);
CREATE UNIQUE INDEX event_position_given_once ON messaging.events USING btree ("position") WHERE ("position" IS NOT NULL);
CREATE INDEX event_without_position ON messaging.events USING btree (number) WHERE ("position" IS NULL);
ALTER TABLE messaging.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.events FORCE ROW LEVEL SECURITY;
CREATE POLICY begins_without_position ON messaging.events AS RESTRICTIVE FOR INSERT
    WITH CHECK (("position" IS NULL));
CREATE POLICY delivers ON messaging.events FOR SELECT TO msg_webhooks
    USING (true);
CREATE POLICY gives_positions ON messaging.events FOR UPDATE TO msg_sequencer
    USING (true)
    WITH CHECK (true);
CREATE POLICY look_up ON messaging.events FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.events TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.events TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY sees_all ON messaging.events FOR SELECT TO msg_sequencer
    USING (true);
CREATE POLICY tenant ON messaging.events
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.idempotency_keys (
    id uuid NOT NULL,
    key character varying(255) NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    answer text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id),
    CONSTRAINT idempotency_key_used_once_a_day UNIQUE (tenant_id, key),
    CONSTRAINT idempotencykey_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT idempotency_keys_status_check CHECK ((status >= 0))
);
CREATE INDEX idempotency_key_by_age ON messaging.idempotency_keys USING btree (created_at);
ALTER TABLE messaging.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.idempotency_keys TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.idempotency_keys TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.idempotency_keys
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.invitations (
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    accepted_by_id uuid,
    invited_by_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitation_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT accepted_invitation_has_ended CHECK (((accepted_by_id IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT invitation_role_known CHECK ((role IN ('owner', 'admin', 'agent')))
);
CREATE UNIQUE INDEX address_invited_once_at_a_time ON messaging.invitations USING btree (tenant_id, email) WHERE (ended_at IS NULL);
CREATE INDEX invitations_of_a_tenant ON messaging.invitations USING btree (tenant_id, created_at);
ALTER TABLE messaging.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.invitations TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.invitations TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.invitations
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.media (
    id uuid NOT NULL,
    external_id character varying(512) NOT NULL,
    kind character varying(64) NOT NULL,
    mime_type character varying(256) NOT NULL,
    filename character varying(256) NOT NULL,
    sha256 character varying(256) NOT NULL,
    size bigint,
    status character varying(10) NOT NULL,
    error character varying(512) NOT NULL,
    file character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone,
    channel_id uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT media_pkey PRIMARY KEY (id),
    CONSTRAINT media_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT media_status_known CHECK ((status IN ('pending', 'stored', 'failed', 'expired'))),
    CONSTRAINT stored_media_has_a_file CHECK (((NOT ((status)::text = 'stored'::text)) OR (NOT ((file)::text = ''::text))))
);
CREATE INDEX media_not_stored ON messaging.media USING btree (tenant_id, id) WHERE (NOT ((status)::text = 'stored'::text));
ALTER TABLE messaging.media ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.media FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.media TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.media TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.media
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.media_uploads (
    id uuid NOT NULL,
    external_id character varying(512) NOT NULL,
    expires_at timestamp with time zone,
    asked_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    media_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT media_uploads_pkey PRIMARY KEY (id),
    CONSTRAINT media_uploaded_once_per_channel UNIQUE (media_id, channel_id),
    CONSTRAINT mediaupload_id_in_tenant UNIQUE (tenant_id, id)
);
ALTER TABLE messaging.media_uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.media_uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.media_uploads TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.media_uploads TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.media_uploads
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.memberships (
    id uuid NOT NULL,
    role character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (id),
    CONSTRAINT member_of_a_tenant_once UNIQUE (tenant_id, user_id),
    CONSTRAINT membership_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT membership_role_known CHECK ((role IN ('owner', 'admin', 'agent')))
);
CREATE INDEX memberships_user_id_5a99f855 ON messaging.memberships USING btree (user_id);
ALTER TABLE messaging.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.memberships FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.memberships TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.memberships TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.memberships
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.message_attempts (
    id uuid NOT NULL,
    number smallint NOT NULL,
    outcome character varying(10) NOT NULL,
    http_status smallint,
    error_code character varying(64) NOT NULL,
    error character varying(512) NOT NULL,
    external_id character varying(512),
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    message_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT message_attempts_pkey PRIMARY KEY (id),
    CONSTRAINT attempt_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT attempt_kept_once UNIQUE (message_id, number),
    CONSTRAINT message_attempts_http_status_check CHECK ((http_status >= 0)),
    CONSTRAINT message_attempts_number_check CHECK ((number >= 0))
);
ALTER TABLE messaging.message_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.message_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.message_attempts TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.message_attempts TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.message_attempts
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.message_resends (
    id uuid NOT NULL,
    status_before character varying(10) NOT NULL,
    ordered_by character varying(150) NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    message_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT message_resends_pkey PRIMARY KEY (id),
    CONSTRAINT resend_id_in_tenant UNIQUE (tenant_id, id)
);
CREATE INDEX resend_of_message ON messaging.message_resends USING btree (message_id);
ALTER TABLE messaging.message_resends ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.message_resends FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.message_resends TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.message_resends TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.message_resends
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.message_settlements (
    id uuid NOT NULL,
    status character varying(10) NOT NULL,
    ordered_by character varying(150) NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    message_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT message_settlements_pkey PRIMARY KEY (id),
    CONSTRAINT settlement_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT settlement_status_known CHECK ((status IN ('sent', 'failed')))
);
CREATE INDEX settlement_of_message ON messaging.message_settlements USING btree (message_id);
ALTER TABLE messaging.message_settlements ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.message_settlements FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.message_settlements TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.message_settlements TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.message_settlements
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.message_statuses (
    id uuid NOT NULL,
    external_id character varying(512) NOT NULL,
    attempt smallint,
    status character varying(64) NOT NULL,
    participant character varying(512) NOT NULL,
    error_code character varying(64) NOT NULL,
    error character varying(512) NOT NULL,
    raw jsonb,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    channel_id uuid NOT NULL,
    message_id uuid,
    tenant_id uuid NOT NULL,
    conversation_origin character varying(64) DEFAULT ''::character varying NOT NULL,
    pricing jsonb,
    recipient_ids jsonb,
    CONSTRAINT message_statuses_pkey PRIMARY KEY (id),
    CONSTRAINT messagestatus_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT status_kept_once UNIQUE (channel_id, external_id, status, participant),
    CONSTRAINT message_statuses_attempt_check CHECK ((attempt >= 0))
);
CREATE INDEX status_of_message ON messaging.message_statuses USING btree (message_id);
CREATE INDEX status_waiting ON messaging.message_statuses USING btree (recorded_at) WHERE (message_id IS NULL);
ALTER TABLE messaging.message_statuses ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.message_statuses FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.message_statuses TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.message_statuses TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.message_statuses
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.message_templates (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    account_id character varying(128) NOT NULL,
    external_id character varying(512) NOT NULL,
    name character varying(512) NOT NULL,
    language character varying(512) NOT NULL,
    category character varying(64) NOT NULL,
    status character varying(64) NOT NULL,
    quality character varying(64) NOT NULL,
    rejected_reason character varying(500) NOT NULL,
    parameter_format character varying(64) NOT NULL,
    components jsonb NOT NULL,
    told_at jsonb NOT NULL,
    changed_at timestamp with time zone,
    synced_at timestamp with time zone,
    tenant_id uuid NOT NULL,
    CONSTRAINT message_templates_pkey PRIMARY KEY (id),
    CONSTRAINT messagetemplate_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT template_known_once_an_account UNIQUE (tenant_id, kind, account_id, name, language)
);
CREATE INDEX template_by_account ON messaging.message_templates USING btree (account_id);
CREATE INDEX template_by_external_id ON messaging.message_templates USING btree (external_id);
CREATE INDEX template_by_name ON messaging.message_templates USING btree (name, id);
ALTER TABLE messaging.message_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.message_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.message_templates TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.message_templates TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.message_templates
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.messages (
    id uuid NOT NULL,
    delivery_id uuid,
    direction character varying(8) NOT NULL,
    kind character varying(64) NOT NULL,
    text text NOT NULL,
    raw jsonb,
    status character varying(10) NOT NULL,
    external_id character varying(512),
    recipient character varying(512) NOT NULL,
    seq bigint NOT NULL,
    attempts smallint NOT NULL,
    error_code character varying(64) NOT NULL,
    error character varying(512) NOT NULL,
    due_at timestamp with time zone,
    lease uuid,
    expires_at timestamp with time zone,
    sent_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    needs_attention boolean GENERATED ALWAYS AS (status IN ('failed', 'unknown', 'held')) STORED,
    channel_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    in_reply_to_id uuid,
    tenant_id uuid NOT NULL,
    sent_twice_at timestamp with time zone,
    is_marketing boolean DEFAULT false NOT NULL,
    forwarded character varying(5) DEFAULT ''::character varying NOT NULL,
    is_history boolean DEFAULT false NOT NULL,
    origin character varying(10) DEFAULT ''::character varying NOT NULL,
    preview character varying(120) DEFAULT ''::character varying NOT NULL,
    quoted_external_id character varying(512) DEFAULT ''::character varying NOT NULL,
    referral jsonb,
    target_external_id character varying(512) DEFAULT ''::character varying NOT NULL,
    attachment_id uuid,
    unanswered character varying(10) DEFAULT ''::character varying NOT NULL,
    takes_thread boolean DEFAULT false NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (id),
    CONSTRAINT message_has_its_place UNIQUE (tenant_id, conversation_id, seq),
    CONSTRAINT message_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT message_being_sent_is_in_hand CHECK (((NOT ((status)::text = 'sending'::text)) OR (lease IS NOT NULL))),
    CONSTRAINT message_status_known CHECK (((((direction)::text = 'inbound'::text) AND (external_id IS NOT NULL) AND ((status)::text = 'received'::text)) OR (((direction)::text = 'outbound'::text) AND (status IN ('queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown', 'expired', 'held', 'cancelled'))))),
    CONSTRAINT message_unanswered_for_a_known_reason CHECK ((((unanswered)::text = ''::text) OR (((direction)::text = 'inbound'::text) AND (unanswered IN ('standby', 'history', 'group', 'kind', 'blocked', 'not_ours', 'idle', 'suspended', 'too_old', 'superseded', 'people', 'paused', 'limit', 'no_text', 'declined', 'failed', 'burst', 'late'))))),
    CONSTRAINT message_waiting_is_due CHECK (((NOT (status IN ('queued', 'sending', 'held'))) OR (due_at IS NOT NULL))),
    CONSTRAINT messages_attempts_check CHECK ((attempts >= 0))
) WITH (fillfactor=85);
CREATE INDEX message_aimed_at_another ON messaging.messages USING btree (conversation_id, target_external_id) WHERE (NOT ((target_external_id)::text = ''::text));
CREATE INDEX message_answered_lately ON messaging.messages USING btree (conversation_id, created_at) WHERE (in_reply_to_id IS NOT NULL);
CREATE UNIQUE INDEX message_answered_once ON messaging.messages USING btree (tenant_id, in_reply_to_id) WHERE (in_reply_to_id IS NOT NULL);
CREATE INDEX message_due ON messaging.messages USING btree (due_at, channel_id) WHERE (due_at < '9999-01-01 00:00:00+00'::timestamp with time zone);
CREATE INDEX message_due_of_channel ON messaging.messages USING btree (channel_id, due_at) WHERE (due_at < '9999-01-01 00:00:00+00'::timestamp with time zone);
CREATE INDEX message_held ON messaging.messages USING btree (channel_id) WHERE (due_at = '9999-01-01 00:00:00+00'::timestamp with time zone);
CREATE INDEX message_in_hand ON messaging.messages USING btree (channel_id) WHERE (lease IS NOT NULL);
CREATE INDEX message_needs_attention ON messaging.messages USING btree (tenant_id, id) WHERE needs_attention;
CREATE INDEX message_newest ON messaging.messages USING btree (tenant_id, created_at);
CREATE INDEX message_of_late_in_need ON messaging.messages USING btree (created_at) WHERE needs_attention;
CREATE INDEX message_owed_by_a_strategy ON messaging.messages USING btree (created_at) WHERE (unanswered IN ('failed', 'late'));
CREATE UNIQUE INDEX message_recorded_once ON messaging.messages USING btree (external_id, channel_id) WHERE (external_id IS NOT NULL);
CREATE INDEX message_sent_twice ON messaging.messages USING btree (id) WHERE (sent_twice_at IS NOT NULL);
CREATE INDEX message_waiting_in_turn ON messaging.messages USING btree (conversation_id, seq) WHERE (due_at IS NOT NULL);
CREATE INDEX message_with_media ON messaging.messages USING btree (attachment_id) WHERE (attachment_id IS NOT NULL);
CREATE STATISTICS messaging.message_status_in_need (mcv) ON status, needs_attention FROM messaging.messages;
ALTER TABLE messaging.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.messages FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.messages FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.messages TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.messages TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.messages
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.password_resets (
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    ip_address inet NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT password_resets_pkey PRIMARY KEY (id)
);
CREATE INDEX password_resets_by_time ON messaging.password_resets USING btree (asked_at);

CREATE TABLE messaging.recovery_codes (
    id uuid NOT NULL,
    hash bytea NOT NULL,
    factor_id uuid NOT NULL,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (id),
    CONSTRAINT recovery_code_given_once UNIQUE (factor_id, hash)
);

CREATE TABLE messaging.reply_choices (
    id uuid NOT NULL,
    strategy character varying(64) NOT NULL,
    settings jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    channel_id uuid,
    tenant_id uuid NOT NULL,
    credentials text DEFAULT ''::text NOT NULL,
    CONSTRAINT reply_choices_pkey PRIMARY KEY (id),
    CONSTRAINT one_reply_strategy_per_channel UNIQUE NULLS NOT DISTINCT (tenant_id, channel_id),
    CONSTRAINT replychoice_id_in_tenant UNIQUE (tenant_id, id)
);
ALTER TABLE messaging.reply_choices ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.reply_choices FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.reply_choices TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.reply_choices TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.reply_choices
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.second_factors (
    credentials text NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_step bigint NOT NULL,
    failures smallint NOT NULL,
    failed_at timestamp with time zone,
    CONSTRAINT second_factors_pkey PRIMARY KEY (id),
    CONSTRAINT second_factors_failures_check CHECK ((failures >= 0))
);

CREATE TABLE messaging.tenants (
    id uuid NOT NULL,
    slug character varying(63) NOT NULL,
    name character varying(200) NOT NULL,
    status character varying(20) NOT NULL,
    auto_reply text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    replies_per_hour smallint DEFAULT 10 NOT NULL,
    resend_policy character varying(20) DEFAULT 'hold'::character varying NOT NULL,
    staff_pause_minutes smallint DEFAULT 60 NOT NULL,
    handover_hours smallint DEFAULT 24 NOT NULL,
    shows_typing boolean DEFAULT false NOT NULL,
    keep_messages_days integer,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenant_slug_taken_once UNIQUE (slug),
    CONSTRAINT tenant_keeps_messages_for_days CHECK (((keep_messages_days IS NULL) OR ((keep_messages_days >= 1) AND (keep_messages_days <= 36500)))),
    CONSTRAINT tenant_resend_policy_known CHECK ((resend_policy IN ('hold', 'resend_once'))),
    CONSTRAINT tenant_status_known CHECK ((status IN ('active', 'suspended'))),
    CONSTRAINT tenants_handover_hours_check CHECK ((handover_hours >= 0)),
    CONSTRAINT tenants_keep_messages_days_check CHECK ((keep_messages_days >= 0)),
    CONSTRAINT tenants_replies_per_hour_check CHECK ((replies_per_hour >= 0)),
    CONSTRAINT tenants_staff_pause_minutes_check CHECK ((staff_pause_minutes >= 0))
);
CREATE INDEX tenant_resends ON messaging.tenants USING btree (id) WHERE ((resend_policy)::text = 'resend_once'::text);
CREATE INDEX tenants_slug_01bfd60f ON messaging.tenants USING btree (slug);
CREATE INDEX tenants_slug_01bfd60f_like ON messaging.tenants USING btree (slug varchar_pattern_ops);
ALTER TABLE messaging.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.tenants FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.tenants TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.tenants TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.tenants
    USING ((id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.thread_orders (
    id uuid NOT NULL,
    action character varying(7) NOT NULL,
    note character varying(2000) NOT NULL,
    by character varying(150) NOT NULL,
    status character varying(7) NOT NULL,
    error_code character varying(64) NOT NULL,
    error character varying(512) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    conversation_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT thread_orders_pkey PRIMARY KEY (id),
    CONSTRAINT threadorder_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT thread_order_known CHECK ((action IN ('pass', 'release', 'take'))),
    CONSTRAINT thread_order_status_with_its_moments CHECK ((((begun_at IS NULL) AND (ended_at IS NULL) AND ((status)::text = 'queued'::text)) OR ((begun_at IS NOT NULL) AND (ended_at IS NULL) AND ((status)::text = 'sending'::text)) OR ((ended_at IS NOT NULL) AND (status IN ('done', 'failed', 'unknown', 'expired')))))
);
CREATE UNIQUE INDEX one_thread_order_at_a_time ON messaging.thread_orders USING btree (tenant_id, conversation_id) WHERE (ended_at IS NULL);
CREATE INDEX thread_order_begun ON messaging.thread_orders USING btree (begun_at) WHERE (begun_at IS NOT NULL);
CREATE INDEX thread_order_of_conversation ON messaging.thread_orders USING btree (tenant_id, conversation_id);
ALTER TABLE messaging.thread_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.thread_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.thread_orders TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.thread_orders TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.thread_orders
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.users (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    sign_outs integer DEFAULT 0 NOT NULL,
    second_factor_id uuid,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_second_factor_id_key UNIQUE (second_factor_id),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_sign_outs_check CHECK ((sign_outs >= 0))
);
CREATE INDEX users_username_e8658fc8_like ON messaging.users USING btree (username varchar_pattern_ops);

CREATE TABLE messaging.users_groups (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    user_id uuid NOT NULL,
    group_id integer NOT NULL,
    CONSTRAINT users_groups_pkey PRIMARY KEY (id),
    CONSTRAINT users_groups_user_id_group_id_fc7788e8_uniq UNIQUE (user_id, group_id)
);
CREATE INDEX users_groups_group_id_2f3517aa ON messaging.users_groups USING btree (group_id);
CREATE INDEX users_groups_user_id_f500bee5 ON messaging.users_groups USING btree (user_id);

CREATE TABLE messaging.users_user_permissions (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    user_id uuid NOT NULL,
    permission_id integer NOT NULL,
    CONSTRAINT users_user_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT users_user_permissions_user_id_permission_id_3b86cbdf_uniq UNIQUE (user_id, permission_id)
);
CREATE INDEX users_user_permissions_permission_id_6d08dcd2 ON messaging.users_user_permissions USING btree (permission_id);
CREATE INDEX users_user_permissions_user_id_92473840 ON messaging.users_user_permissions USING btree (user_id);

CREATE TABLE messaging.webhook_attempts (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    type character varying(40) NOT NULL,
    number smallint NOT NULL,
    outcome character varying(10) NOT NULL,
    http_status smallint,
    error character varying(20) NOT NULL,
    duration_ms integer NOT NULL,
    answer text NOT NULL,
    at timestamp with time zone NOT NULL,
    tenant_id uuid,
    endpoint_id uuid NOT NULL,
    CONSTRAINT webhook_attempts_pkey PRIMARY KEY (id),
    CONSTRAINT webhookattempt_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT webhook_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT webhook_attempts_http_status_check CHECK ((http_status >= 0)),
    CONSTRAINT webhook_attempts_number_check CHECK ((number >= 0)),
    CONSTRAINT webhook_outcome_known CHECK ((outcome IN ('delivered', 'failed', 'given_up')))
);
CREATE INDEX webhook_attempts_in_order ON messaging.webhook_attempts USING btree (endpoint_id, id);
ALTER TABLE messaging.webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.webhook_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.webhook_attempts TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.webhook_attempts TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_webhooks ON messaging.webhook_attempts TO msg_webhooks
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.webhook_attempts
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.webhook_deliveries (
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    attempts smallint NOT NULL,
    processed_at timestamp with time zone,
    error text NOT NULL,
    lane smallint DEFAULT 0 NOT NULL,
    waits_since timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    route_hint character varying(64) DEFAULT '-'::character varying NOT NULL,
    recorded_items integer DEFAULT 0 NOT NULL,
    address character varying(128) DEFAULT ''::character varying NOT NULL,
    redacted_at timestamp with time zone,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_deliveries_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_deliveries_lane_check CHECK ((lane >= 0)),
    CONSTRAINT webhook_deliveries_recorded_items_check CHECK ((recorded_items >= 0))
);
CREATE INDEX delivery_begun ON messaging.webhook_deliveries USING btree (id) WHERE ((attempts > 0) AND (due_at IS NOT NULL));
CREATE INDEX delivery_has_a_rest ON messaging.webhook_deliveries USING btree (route_hint, lane) WHERE ((due_at IS NOT NULL) AND (recorded_items > 0));
CREATE INDEX delivery_in_hand ON messaging.webhook_deliveries USING btree (id) WHERE ((attempts > 0) AND (processed_at IS NULL));
CREATE INDEX delivery_waits_its_turn ON messaging.webhook_deliveries USING btree (route_hint, lane, id) WHERE (due_at IS NOT NULL);
CREATE INDEX delivery_with_error ON messaging.webhook_deliveries USING btree (id) WHERE (NOT (error = ''::text));
ALTER TABLE messaging.webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY drop_box ON messaging.webhook_deliveries FOR INSERT
    WITH CHECK (true);
CREATE POLICY look_up ON messaging.webhook_deliveries FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.webhook_deliveries TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.webhook_deliveries TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE messaging.webhook_endpoints (
    id uuid NOT NULL,
    credentials text NOT NULL,
    url character varying(2048) NOT NULL,
    types character varying(40)[] NOT NULL,
    description character varying(200) NOT NULL,
    status character varying(10) NOT NULL,
    disabled_reason character varying(10) NOT NULL,
    disabled_at timestamp with time zone,
    previous_until timestamp with time zone,
    api_version character varying(10) NOT NULL,
    "position" bigint NOT NULL,
    lease uuid,
    due_at timestamp with time zone NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    is_slow boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id),
    CONSTRAINT webhookendpoint_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT disabled_endpoint_says_why_and_since_when CHECK ((((disabled_at IS NULL) AND ((disabled_reason)::text = ''::text) AND ((status)::text = 'enabled'::text)) OR ((disabled_at IS NOT NULL) AND (disabled_reason IN ('asked', 'gone', 'failing')) AND ((status)::text = 'disabled'::text)))),
    CONSTRAINT endpoint_status_known CHECK ((status IN ('enabled', 'disabled'))),
    CONSTRAINT webhook_endpoints_failures_check CHECK ((failures >= 0))
);
ALTER TABLE messaging.webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.webhook_endpoints TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.webhook_endpoints TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_webhooks ON messaging.webhook_endpoints TO msg_webhooks
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.webhook_endpoints
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.webhook_set_aside (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    "position" bigint,
    tries smallint NOT NULL,
    next_try_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    endpoint_id uuid NOT NULL,
    tenant_id uuid,
    CONSTRAINT webhook_set_aside_pkey PRIMARY KEY (id),
    CONSTRAINT event_set_aside_once UNIQUE (endpoint_id, event_id),
    CONSTRAINT webhooksetaside_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT webhook_set_aside_tries_check CHECK ((tries >= 0))
);
CREATE UNIQUE INDEX one_test_event_waits ON messaging.webhook_set_aside USING btree (endpoint_id) WHERE ("position" IS NULL);
CREATE INDEX set_aside_to_be_tried ON messaging.webhook_set_aside USING btree (next_try_at, endpoint_id) WHERE (next_try_at IS NOT NULL);
ALTER TABLE messaging.webhook_set_aside ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.webhook_set_aside FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.webhook_set_aside TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.webhook_set_aside TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_webhooks ON messaging.webhook_set_aside TO msg_webhooks
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.webhook_set_aside
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.whatsapp_deletions (
    id uuid NOT NULL,
    code character varying(64) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone NOT NULL,
    request_hash bytea,
    CONSTRAINT whatsapp_deletions_pkey PRIMARY KEY (id),
    CONSTRAINT deletion_asked_for_once UNIQUE (request_hash),
    CONSTRAINT deletion_code_given_once UNIQUE (code)
);
ALTER TABLE messaging.whatsapp_deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.whatsapp_deletions FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.whatsapp_deletions TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.whatsapp_deletions TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE messaging.whatsapp_signups (
    id uuid NOT NULL,
    credentials text NOT NULL,
    nonce character varying(64) NOT NULL,
    status character varying(10) NOT NULL,
    is_coexistence boolean NOT NULL,
    is_move boolean NOT NULL,
    hints jsonb NOT NULL,
    steps jsonb NOT NULL,
    accounts jsonb NOT NULL,
    numbers jsonb NOT NULL,
    granted_by character varying(64) NOT NULL,
    token_expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid,
    link_id uuid,
    CONSTRAINT whatsapp_signups_pkey PRIMARY KEY (id),
    CONSTRAINT signup_id_in_tenant UNIQUE (tenant_id, id),
    CONSTRAINT signup_state_used_once UNIQUE (tenant_id, nonce),
    CONSTRAINT signup_by_a_member_or_by_a_link CHECK ((((link_id IS NOT NULL) AND (user_id IS NULL)) OR ((link_id IS NULL) AND (user_id IS NOT NULL)))),
    CONSTRAINT signup_status_known CHECK ((status IN ('running', 'failed', 'connected', 'cancelled')))
);
CREATE INDEX signup_granted_by ON messaging.whatsapp_signups USING btree (granted_by) WHERE (NOT ((granted_by)::text = ''::text));
CREATE INDEX signup_newest ON messaging.whatsapp_signups USING btree (tenant_id, created_at DESC);
CREATE INDEX whatsapp_signups_user_id_0281b1c2 ON messaging.whatsapp_signups USING btree (user_id);
ALTER TABLE messaging.whatsapp_signups ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.whatsapp_signups FORCE ROW LEVEL SECURITY;
CREATE POLICY msg_operator ON messaging.whatsapp_signups TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.whatsapp_signups TO msg_router
    USING (true)
    WITH CHECK (true);
CREATE POLICY tenant ON messaging.whatsapp_signups
    USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")))
    WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE messaging.worker_heartbeats (
    id uuid NOT NULL,
    host character varying(200) NOT NULL,
    pid integer NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT worker_heartbeats_pkey PRIMARY KEY (id)
);
ALTER TABLE messaging.worker_heartbeats ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging.worker_heartbeats FORCE ROW LEVEL SECURITY;
CREATE POLICY look_up ON messaging.worker_heartbeats FOR SELECT TO msg_resolver
    USING (true);
CREATE POLICY msg_operator ON messaging.worker_heartbeats TO msg_operator
    USING (true)
    WITH CHECK (true);
CREATE POLICY msg_router ON messaging.worker_heartbeats TO msg_router
    USING (true)
    WITH CHECK (true);

CREATE TABLE jobs.procrastinate_events (
    id bigserial NOT NULL,
    job_id bigint NOT NULL,
    type jobs.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now(),
    CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id)
);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON jobs.procrastinate_events USING btree (job_id);

CREATE TABLE jobs.procrastinate_jobs (
    id bigserial NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status jobs.procrastinate_job_status DEFAULT 'todo'::jobs.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id),
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::jobs.procrastinate_job_status) AND (abort_requested = true)))),
    CONSTRAINT task_arguments_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text))
);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON jobs.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::jobs.procrastinate_job_status));
CREATE INDEX jobs_that_failed ON jobs.procrastinate_jobs USING btree (id) WHERE (status = 'failed'::jobs.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::jobs.procrastinate_job_status, 'doing'::jobs.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::jobs.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON jobs.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::jobs.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON jobs.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON jobs.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::jobs.procrastinate_job_status);

CREATE TABLE jobs.procrastinate_periodic_defers (
    id bigserial NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id),
    CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp)
);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON jobs.procrastinate_periodic_defers USING btree (job_id);

CREATE TABLE jobs.procrastinate_workers (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id)
);
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON jobs.procrastinate_workers USING btree (last_heartbeat);

-- Foreign keys

ALTER TABLE messaging.api_keys ADD CONSTRAINT api_keys_tenant_id_e6c8b0b1_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.auth_group_permissions ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm
    FOREIGN KEY (permission_id) REFERENCES messaging.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.auth_group_permissions ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id
    FOREIGN KEY (group_id) REFERENCES messaging.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.auth_permission ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co
    FOREIGN KEY (content_type_id) REFERENCES messaging.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.axes_accessattemptexpiration ADD CONSTRAINT axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce
    FOREIGN KEY (access_attempt_id) REFERENCES messaging.axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.channel_events ADD CONSTRAINT channel_events_tenant_id_d732e85b_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.channel_events ADD CONSTRAINT event_of_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.channel_paces ADD CONSTRAINT channel_paces_tenant_id_25d750fd_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.channel_paces ADD CONSTRAINT pace_of_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.channel_probes ADD CONSTRAINT channel_probes_tenant_id_e3a473c0_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.channel_probes ADD CONSTRAINT probe_of_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.channels ADD CONSTRAINT channels_tenant_id_7f99230a_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.connect_links ADD CONSTRAINT connect_links_tenant_id_8089bbb8_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.contact_changes ADD CONSTRAINT change_about_another_contact_of_the_tenant
    FOREIGN KEY (tenant_id, other_id) REFERENCES messaging.contacts(tenant_id, id);

ALTER TABLE messaging.contact_changes ADD CONSTRAINT change_of_a_contact_of_the_tenant
    FOREIGN KEY (tenant_id, contact_id) REFERENCES messaging.contacts(tenant_id, id);

ALTER TABLE messaging.contact_changes ADD CONSTRAINT contact_changes_tenant_id_35734f6e_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.contact_identities ADD CONSTRAINT contact_identities_tenant_id_15dffd94_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.contact_identities ADD CONSTRAINT identity_of_a_contact_of_the_tenant
    FOREIGN KEY (tenant_id, contact_id) REFERENCES messaging.contacts(tenant_id, id);

ALTER TABLE messaging.contacts ADD CONSTRAINT contact_merged_into_one_of_the_tenant
    FOREIGN KEY (tenant_id, merged_into_id) REFERENCES messaging.contacts(tenant_id, id);

ALTER TABLE messaging.contacts ADD CONSTRAINT contacts_tenant_id_23e151d7_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.conversation_owner_changes ADD CONSTRAINT conversation_owner_changes_tenant_id_14a55dc7_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.conversation_owner_changes ADD CONSTRAINT owner_change_in_a_conversation_of_the_tenant
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES messaging.conversations(tenant_id, id);

ALTER TABLE messaging.conversations ADD CONSTRAINT conversation_merged_into_one_of_the_tenant
    FOREIGN KEY (tenant_id, merged_into_id) REFERENCES messaging.conversations(tenant_id, id);

ALTER TABLE messaging.conversations ADD CONSTRAINT conversation_on_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.conversations ADD CONSTRAINT conversation_with_a_contact_of_the_tenant
    FOREIGN KEY (tenant_id, contact_id) REFERENCES messaging.contacts(tenant_id, id);

ALTER TABLE messaging.conversations ADD CONSTRAINT conversations_tenant_id_63d250b6_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.dead_letters ADD CONSTRAINT dead_letters_delivery_id_4c755cd4_fk_webhook_deliveries_id
    FOREIGN KEY (delivery_id) REFERENCES messaging.webhook_deliveries(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.deferred_replies ADD CONSTRAINT deferred_replies_tenant_id_24b316d1_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.deferred_replies ADD CONSTRAINT deferred_reply_in_a_conversation_of_the_tenant
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES messaging.conversations(tenant_id, id);

ALTER TABLE messaging.deferred_replies ADD CONSTRAINT deferred_reply_to_a_message_of_the_tenant
    FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.django_admin_log ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co
    FOREIGN KEY (content_type_id) REFERENCES messaging.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.django_admin_log ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_users_id
    FOREIGN KEY (user_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.erased_messages ADD CONSTRAINT erased_from_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.erased_messages ADD CONSTRAINT erased_messages_tenant_id_c5630f65_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.erasures ADD CONSTRAINT erasures_tenant_id_6f063fd6_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.events ADD CONSTRAINT events_tenant_id_2ac5e311_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.idempotency_keys ADD CONSTRAINT idempotency_keys_tenant_id_5d1fe305_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.invitations ADD CONSTRAINT invitations_accepted_by_id_3c4ce36b_fk_users_id
    FOREIGN KEY (accepted_by_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.invitations ADD CONSTRAINT invitations_invited_by_id_d46285c5_fk_users_id
    FOREIGN KEY (invited_by_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.invitations ADD CONSTRAINT invitations_tenant_id_d48870c8_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.media ADD CONSTRAINT media_on_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.media ADD CONSTRAINT media_tenant_id_1ed05de0_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.media_uploads ADD CONSTRAINT media_uploads_tenant_id_63737fd5_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.media_uploads ADD CONSTRAINT upload_of_media_of_the_tenant
    FOREIGN KEY (tenant_id, media_id) REFERENCES messaging.media(tenant_id, id);

ALTER TABLE messaging.media_uploads ADD CONSTRAINT upload_to_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.memberships ADD CONSTRAINT memberships_tenant_id_35f4aa0b_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.memberships ADD CONSTRAINT memberships_user_id_5a99f855_fk_users_id
    FOREIGN KEY (user_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.message_attempts ADD CONSTRAINT attempt_of_a_message_of_the_tenant
    FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.message_attempts ADD CONSTRAINT message_attempts_tenant_id_e560f61d_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.message_resends ADD CONSTRAINT message_resends_tenant_id_a86e33d9_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.message_resends ADD CONSTRAINT resend_of_a_message_of_the_tenant
    FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.message_settlements ADD CONSTRAINT message_settlements_tenant_id_1abb9ac6_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.message_settlements ADD CONSTRAINT settlement_of_a_message_of_the_tenant
    FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.message_statuses ADD CONSTRAINT message_statuses_tenant_id_9dbf3837_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.message_statuses ADD CONSTRAINT status_of_a_message_of_the_tenant
    FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.message_statuses ADD CONSTRAINT status_on_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.message_templates ADD CONSTRAINT message_templates_tenant_id_a80e66b3_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.messages ADD CONSTRAINT message_answers_one_of_the_tenant
    FOREIGN KEY (tenant_id, in_reply_to_id) REFERENCES messaging.messages(tenant_id, id);

ALTER TABLE messaging.messages ADD CONSTRAINT message_in_a_conversation_of_the_tenant
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES messaging.conversations(tenant_id, id);

ALTER TABLE messaging.messages ADD CONSTRAINT message_on_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.messages ADD CONSTRAINT message_with_media_of_the_tenant
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES messaging.media(tenant_id, id);

ALTER TABLE messaging.messages ADD CONSTRAINT messages_tenant_id_a62ecac4_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.recovery_codes ADD CONSTRAINT recovery_codes_factor_id_62a54caa_fk_second_factors_id
    FOREIGN KEY (factor_id) REFERENCES messaging.second_factors(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.reply_choices ADD CONSTRAINT reply_choices_tenant_id_28bef0f5_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.reply_choices ADD CONSTRAINT reply_strategy_of_a_channel_of_the_tenant
    FOREIGN KEY (tenant_id, channel_id) REFERENCES messaging.channels(tenant_id, id);

ALTER TABLE messaging.thread_orders ADD CONSTRAINT thread_order_in_a_conversation_of_the_tenant
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES messaging.conversations(tenant_id, id);

ALTER TABLE messaging.thread_orders ADD CONSTRAINT thread_orders_tenant_id_2dfb1f08_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.users ADD CONSTRAINT users_second_factor_id_57a333ca_fk_second_factors_id
    FOREIGN KEY (second_factor_id) REFERENCES messaging.second_factors(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.users_groups ADD CONSTRAINT users_groups_group_id_2f3517aa_fk_auth_group_id
    FOREIGN KEY (group_id) REFERENCES messaging.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.users_groups ADD CONSTRAINT users_groups_user_id_f500bee5_fk_users_id
    FOREIGN KEY (user_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.users_user_permissions ADD CONSTRAINT users_user_permissio_permission_id_6d08dcd2_fk_auth_perm
    FOREIGN KEY (permission_id) REFERENCES messaging.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.users_user_permissions ADD CONSTRAINT users_user_permissions_user_id_92473840_fk_users_id
    FOREIGN KEY (user_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.webhook_attempts ADD CONSTRAINT webhook_attempt_of_an_endpoint_of_the_tenant
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES messaging.webhook_endpoints(tenant_id, id);

ALTER TABLE messaging.webhook_attempts ADD CONSTRAINT webhook_attempts_tenant_id_df4c9875_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.webhook_endpoints ADD CONSTRAINT webhook_endpoints_tenant_id_d59f169c_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.webhook_set_aside ADD CONSTRAINT set_aside_for_an_endpoint_of_the_tenant
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES messaging.webhook_endpoints(tenant_id, id);

ALTER TABLE messaging.webhook_set_aside ADD CONSTRAINT webhook_set_aside_tenant_id_a0feb7c1_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.whatsapp_signups ADD CONSTRAINT signup_by_a_link_of_the_tenant
    FOREIGN KEY (tenant_id, link_id) REFERENCES messaging.connect_links(tenant_id, id);

ALTER TABLE messaging.whatsapp_signups ADD CONSTRAINT whatsapp_signups_tenant_id_102002fb_fk_tenants_id
    FOREIGN KEY (tenant_id) REFERENCES messaging.tenants(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE messaging.whatsapp_signups ADD CONSTRAINT whatsapp_signups_user_id_0281b1c2_fk_users_id
    FOREIGN KEY (user_id) REFERENCES messaging.users(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE jobs.procrastinate_events ADD CONSTRAINT procrastinate_events_job_id_fkey
    FOREIGN KEY (job_id) REFERENCES jobs.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE jobs.procrastinate_jobs ADD CONSTRAINT procrastinate_jobs_worker_id_fkey
    FOREIGN KEY (worker_id) REFERENCES jobs.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE jobs.procrastinate_periodic_defers ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey
    FOREIGN KEY (job_id) REFERENCES jobs.procrastinate_jobs(id);

-- Functions

CREATE OR REPLACE FUNCTION messaging.colleagues()
 RETURNS TABLE(id uuid, user_id uuid, username text, is_active boolean, role text, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT m.id, m.user_id, u.username::text, u.is_active, m.role::text, m.created_at
    FROM messaging.memberships m JOIN messaging.users u ON u.id = m.user_id
    WHERE m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    ORDER BY m.created_at, m.id
$function$;

CREATE OR REPLACE FUNCTION messaging.defer_for_tenant(task text, queue text, arguments jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'jobs', 'pg_temp'
AS $function$
DECLARE
    tenant text := nullif(current_setting('app.tenant_id', true), '');
BEGIN
    IF tenant IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'A tenant''s task needs a tenant''s scope.';
    END IF;
    
    IF jsonb_typeof(arguments) IS DISTINCT FROM 'array'
       OR EXISTS (SELECT FROM jsonb_array_elements(arguments) AS each WHERE jsonb_typeof(each) <> 'object') THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'The arguments of tasks are a JSON array with one object for each task.';
    END IF;

    PERFORM jobs.procrastinate_defer_jobs_v1(array_agg(
        ROW(queue, task, 0, NULL, NULL, each || jsonb_build_object('tenant_id', tenant), NULL)::jobs.procrastinate_job_to_defer_v1))
    FROM jsonb_array_elements(arguments) AS each;
END
$function$;

CREATE OR REPLACE FUNCTION messaging.defer_password_reset(reset uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'jobs', 'pg_temp'
AS $function$
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW('mail', 'tenants.tasks.send_mail', 0, NULL, NULL,
        jsonb_build_object('letter', 'password_reset', 'reset_id', reset), NULL)::jobs.procrastinate_job_to_defer_v1])
$function$;

CREATE OR REPLACE FUNCTION messaging.events_age()
 RETURNS double precision
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    RETURN (
        SELECT extract(epoch FROM now() - occurred_at) FROM messaging.events
        WHERE position IS NULL ORDER BY number LIMIT 1
    );
END
$function$;

CREATE OR REPLACE FUNCTION messaging.jobs_age()
 RETURNS double precision
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    RETURN (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM jobs.procrastinate_workers);
END
$function$;

CREATE OR REPLACE FUNCTION messaging.memberships_of(who uuid)
 RETURNS TABLE(tenant_id uuid, slug text, name text, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT t.id, t.slug::text, t.name::text, m.role::text
    FROM messaging.memberships m JOIN messaging.tenants t ON t.id = m.tenant_id
    WHERE m.user_id = who ORDER BY t.name, t.slug
$function$;

CREATE OR REPLACE FUNCTION messaging.pipeline_ages(OUT heartbeat double precision, OUT delivery double precision, OUT message double precision)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT (SELECT extract(epoch FROM now() - max(seen_at)) FROM messaging.worker_heartbeats),
           (WITH RECURSIVE hints AS (
                (SELECT route_hint FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL ORDER BY route_hint LIMIT 1)
                UNION ALL
                SELECT (SELECT d.route_hint FROM messaging.webhook_deliveries d
                        WHERE d.due_at IS NOT NULL AND d.route_hint > hints.route_hint ORDER BY d.route_hint LIMIT 1)
                FROM hints WHERE hints.route_hint IS NOT NULL
            )
            SELECT extract(epoch FROM now() - min(oldest.waits_since)) FROM hints
            CROSS JOIN LATERAL (
                SELECT d.waits_since FROM generate_series(0, 1) AS each(lane) CROSS JOIN LATERAL (
                    SELECT waits_since FROM messaging.webhook_deliveries
                    WHERE due_at IS NOT NULL AND route_hint = hints.route_hint AND lane = each.lane ORDER BY id LIMIT 1) d
            ) oldest),
           (WITH RECURSIVE turn AS (
                (SELECT channel_id FROM messaging.messages
                 WHERE due_at < timestamptz '9999-01-01' ORDER BY channel_id LIMIT 1)
                UNION ALL
                SELECT (SELECT m.channel_id FROM messaging.messages m
                        WHERE m.due_at < timestamptz '9999-01-01' AND m.channel_id > turn.channel_id
                        ORDER BY m.channel_id LIMIT 1)
                FROM turn WHERE turn.channel_id IS NOT NULL
            )
            SELECT greatest(0, extract(epoch FROM now() - min(greatest(due.at, served.at)))) FROM turn
            CROSS JOIN LATERAL (
                SELECT due_at AS at FROM messaging.messages
                WHERE channel_id = turn.channel_id AND due_at < timestamptz '9999-01-01' AND due_at <= now()
                  AND status = 'queued'
                ORDER BY due_at LIMIT 1) due
            LEFT JOIN LATERAL (
                SELECT greatest(leased_at, ready_at) AS at FROM messaging.channel_paces
                WHERE channel_id = turn.channel_id) served ON true)
$function$;

CREATE OR REPLACE FUNCTION messaging.purge_audit_entries(before uuid, at_most integer)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    WITH deleted AS (
        DELETE FROM messaging.audit_entries WHERE id IN (
            SELECT entry.id FROM messaging.audit_entries entry WHERE entry.id < before
            ORDER BY entry.id LIMIT at_most
        ) RETURNING id
    )
    SELECT count(*) FROM deleted
$function$;

CREATE OR REPLACE FUNCTION messaging.store_simulated_delivery(delivery uuid, of_tenant uuid, of_channel uuid, in_lane smallint, given bytea, after double precision)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    scope uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    at timestamptz := now() + make_interval(secs => after);
BEGIN
    INSERT INTO messaging.webhook_deliveries
        (id, kind, address, lane, route_hint, body, received_at, waits_since, due_at, attempts, error)
    SELECT delivery, channel.kind, channel.external_id, in_lane, channel.external_id, given, at, at, at, 0, ''
    FROM messaging.channels channel
    WHERE channel.id = of_channel AND channel.tenant_id = of_tenant AND channel.is_test
      AND channel.tenant_id = coalesce(scope, of_tenant)
      AND channel.status IN ('live', 'needs_reauth', 'restricted');
END
$function$;

CREATE OR REPLACE FUNCTION messaging.tenant_of_connect_link(given uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT tenant_id FROM messaging.connect_links WHERE id = given
$function$;

CREATE OR REPLACE FUNCTION messaging.use_api_key(given bytea)
 RETURNS TABLE(key_id uuid, tenant_id uuid, is_active boolean, scopes text[], requests_per_second integer, burst integer, is_allowed boolean, tokens double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
DECLARE
    key record;
    available double precision;
    at timestamptz;
BEGIN
    SELECT k.id, k.tenant_id, k.scopes, k.requests_per_second, k.burst, k.used_at, k.tokens,
        coalesce(t.status = 'active', true) AS of_active INTO key
    FROM messaging.api_keys k LEFT JOIN messaging.tenants t ON t.id = k.tenant_id
    WHERE k.hash = given AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    FOR NO KEY UPDATE OF k;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    at := clock_timestamp();
    available := CASE WHEN key.used_at IS NULL THEN key.burst ELSE least(
        key.burst,
        key.tokens + key.requests_per_second * extract(epoch FROM greatest(at - key.used_at, interval '0'))
    ) END;
    IF available >= 1 THEN
        available := available - 1;
        UPDATE messaging.api_keys SET tokens = available, used_at = at WHERE id = key.id;
        RETURN QUERY SELECT key.id, key.tenant_id, key.of_active, key.scopes::text[],
            key.requests_per_second, key.burst, true, available;
    ELSE
        RETURN QUERY SELECT key.id, key.tenant_id, key.of_active, key.scopes::text[],
            key.requests_per_second, key.burst, false, available;
    END IF;
END
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_defer_jobs_v1(jobs jobs.procrastinate_job_to_defer_v1[])
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint)
 RETURNS jobs.procrastinate_jobs
 LANGUAGE plpgsql
AS $function$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_finish_job_v1(job_id bigint, end_status jobs.procrastinate_job_status, delete_job boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_notify_queue_abort_job_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision)
 RETURNS TABLE(worker_id bigint)
 LANGUAGE plpgsql
AS $function$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_register_worker_v1()
 RETURNS TABLE(worker_id bigint)
 LANGUAGE plpgsql
AS $function$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_trigger_abort_requested_events_procedure_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_trigger_function_scheduled_events_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_trigger_function_status_events_insert_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_trigger_function_status_events_update_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_unlink_periodic_defers_v1()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_unregister_worker_v1(worker_id bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$function$;

CREATE OR REPLACE FUNCTION jobs.procrastinate_update_heartbeat_v1(worker_id bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$function$;

-- Triggers

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON jobs.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::jobs.procrastinate_job_status))) EXECUTE FUNCTION jobs.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::jobs.procrastinate_job_status)) EXECUTE FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION jobs.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON jobs.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION jobs.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON jobs.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::jobs.procrastinate_job_status))) EXECUTE FUNCTION jobs.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON jobs.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::jobs.procrastinate_job_status)) EXECUTE FUNCTION jobs.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON jobs.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION jobs.procrastinate_trigger_function_status_events_update_v1();

-- Functions that look past row level security run as msg_resolver

GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION messaging.colleagues() OWNER TO msg_resolver;
ALTER FUNCTION messaging.defer_for_tenant(text,text,jsonb) OWNER TO msg_resolver;
ALTER FUNCTION messaging.defer_password_reset(uuid) OWNER TO msg_resolver;
ALTER FUNCTION messaging.events_age() OWNER TO msg_resolver;
ALTER FUNCTION messaging.jobs_age() OWNER TO msg_resolver;
ALTER FUNCTION messaging.memberships_of(uuid) OWNER TO msg_resolver;
ALTER FUNCTION messaging.pipeline_ages() OWNER TO msg_resolver;
ALTER FUNCTION messaging.purge_audit_entries(uuid,integer) OWNER TO msg_resolver;
ALTER FUNCTION messaging.store_simulated_delivery(uuid,uuid,uuid,smallint,bytea,double precision) OWNER TO msg_resolver;
ALTER FUNCTION messaging.tenant_of_connect_link(uuid) OWNER TO msg_resolver;
ALTER FUNCTION messaging.use_api_key(bytea) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;

-- What default privileges gave to others is taken back before ours is given.
DO $$
DECLARE
    everybody text;
    schema text;
    kind text;
BEGIN
    SELECT string_agg(quote_ident(rolname), ', ') INTO everybody FROM pg_roles
    WHERE rolname IN ('anon', 'authenticated', 'service_role')
       OR rolname IN ('msg_app', 'msg_auth', 'msg_jobs', 'msg_operator', 'msg_resolver', 'msg_router', 'msg_sequencer', 'msg_webhooks');
    FOREACH schema IN ARRAY ARRAY['messaging', 'jobs'] LOOP
        FOREACH kind IN ARRAY ARRAY['TABLES', 'SEQUENCES', 'FUNCTIONS'] LOOP
            EXECUTE format('REVOKE ALL ON ALL %s IN SCHEMA %I FROM PUBLIC, %s',
                kind, schema, everybody);
        END LOOP;
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, %s', schema, everybody);
    END LOOP;
END $$;

-- Grants

GRANT USAGE ON SCHEMA jobs TO msg_jobs;
GRANT USAGE ON SCHEMA jobs TO msg_operator;
GRANT USAGE ON SCHEMA jobs TO msg_resolver;
GRANT USAGE ON SCHEMA jobs TO msg_router;
GRANT USAGE ON SCHEMA jobs TO msg_webhooks;
GRANT USAGE ON SCHEMA messaging TO msg_app;
GRANT USAGE ON SCHEMA messaging TO msg_auth;
GRANT USAGE ON SCHEMA messaging TO msg_jobs;
GRANT USAGE ON SCHEMA messaging TO msg_operator;
GRANT USAGE ON SCHEMA messaging TO msg_resolver;
GRANT USAGE ON SCHEMA messaging TO msg_router;
GRANT USAGE ON SCHEMA messaging TO msg_sequencer;
GRANT USAGE ON SCHEMA messaging TO msg_webhooks;
GRANT USAGE ON SEQUENCE jobs.procrastinate_events_id_seq TO msg_jobs;
GRANT USAGE ON SEQUENCE jobs.procrastinate_events_id_seq TO msg_operator;
GRANT USAGE ON SEQUENCE jobs.procrastinate_events_id_seq TO msg_resolver;
GRANT USAGE ON SEQUENCE jobs.procrastinate_events_id_seq TO msg_router;
GRANT USAGE ON SEQUENCE jobs.procrastinate_events_id_seq TO msg_webhooks;
GRANT USAGE ON SEQUENCE jobs.procrastinate_jobs_id_seq TO msg_jobs;
GRANT USAGE ON SEQUENCE jobs.procrastinate_jobs_id_seq TO msg_operator;
GRANT USAGE ON SEQUENCE jobs.procrastinate_jobs_id_seq TO msg_resolver;
GRANT USAGE ON SEQUENCE jobs.procrastinate_jobs_id_seq TO msg_router;
GRANT USAGE ON SEQUENCE jobs.procrastinate_jobs_id_seq TO msg_webhooks;
GRANT USAGE ON SEQUENCE jobs.procrastinate_periodic_defers_id_seq TO msg_jobs;
GRANT USAGE ON SEQUENCE jobs.procrastinate_periodic_defers_id_seq TO msg_operator;
GRANT USAGE ON SEQUENCE jobs.procrastinate_periodic_defers_id_seq TO msg_resolver;
GRANT USAGE ON SEQUENCE jobs.procrastinate_periodic_defers_id_seq TO msg_router;
GRANT USAGE ON SEQUENCE jobs.procrastinate_periodic_defers_id_seq TO msg_webhooks;
GRANT USAGE ON SEQUENCE jobs.procrastinate_workers_id_seq TO msg_jobs;
GRANT USAGE ON SEQUENCE jobs.procrastinate_workers_id_seq TO msg_operator;
GRANT USAGE ON SEQUENCE jobs.procrastinate_workers_id_seq TO msg_resolver;
GRANT USAGE ON SEQUENCE jobs.procrastinate_workers_id_seq TO msg_router;
GRANT USAGE ON SEQUENCE jobs.procrastinate_workers_id_seq TO msg_webhooks;
GRANT USAGE ON SEQUENCE messaging.events_number_seq TO msg_sequencer;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_events TO msg_jobs;
GRANT SELECT, INSERT ON jobs.procrastinate_events TO msg_operator;
GRANT INSERT ON jobs.procrastinate_events TO msg_resolver;
GRANT INSERT ON jobs.procrastinate_events TO msg_router;
GRANT INSERT ON jobs.procrastinate_events TO msg_webhooks;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_jobs TO msg_jobs;
GRANT SELECT, INSERT ON jobs.procrastinate_jobs TO msg_operator;
GRANT SELECT (id), INSERT ON jobs.procrastinate_jobs TO msg_resolver;
GRANT SELECT (id), INSERT ON jobs.procrastinate_jobs TO msg_router;
GRANT SELECT (id), INSERT ON jobs.procrastinate_jobs TO msg_webhooks;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_periodic_defers TO msg_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_workers TO msg_jobs;
GRANT SELECT (last_heartbeat) ON jobs.procrastinate_workers TO msg_operator;
GRANT SELECT (last_heartbeat) ON jobs.procrastinate_workers TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.alerts TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.api_keys TO msg_operator;
GRANT SELECT (burst, expires_at, hash, id, requests_per_second, revoked_at, scopes, tenant_id, tokens, used_at), UPDATE (tokens, used_at) ON messaging.api_keys TO msg_resolver;
GRANT INSERT ON messaging.audit_entries TO msg_auth;
GRANT SELECT, INSERT ON messaging.audit_entries TO msg_operator;
GRANT SELECT (at, id), DELETE ON messaging.audit_entries TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.auth_group TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.auth_group_permissions TO msg_auth;
GRANT SELECT ON messaging.auth_permission TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.axes_accessattempt TO msg_auth;
GRANT SELECT, DELETE ON messaging.axes_accessattemptexpiration TO msg_auth;
GRANT SELECT ON messaging.axes_accessfailurelog TO msg_auth;
GRANT SELECT ON messaging.axes_accesslog TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_events TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_events TO msg_operator;
GRANT SELECT, INSERT ON messaging.channel_events TO msg_router;
GRANT SELECT, INSERT ON messaging.channel_moves TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_paces TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_paces TO msg_operator;
GRANT SELECT (channel_id, leased_at, ready_at) ON messaging.channel_paces TO msg_resolver;
GRANT SELECT, INSERT, UPDATE ON messaging.channel_paces TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_probes TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channel_probes TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.channel_probes TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channels TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.channels TO msg_operator;
GRANT SELECT (external_id, id, is_test, kind, status, tenant_id) ON messaging.channels TO msg_resolver;
GRANT SELECT, UPDATE (connected_at, health, parked_at, phone_number, recovers_by, shared_at, status, status_reason) ON messaging.channels TO msg_router;
GRANT SELECT, INSERT, UPDATE (opened_at) ON messaging.connect_links TO msg_app;
GRANT SELECT, INSERT, UPDATE (channel_id, used_at) ON messaging.connect_links TO msg_operator;
GRANT SELECT (id, tenant_id) ON messaging.connect_links TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contact_changes TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contact_changes TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.contact_changes TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contact_identities TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contact_identities TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.contact_identities TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contacts TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.contacts TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.contacts TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.conversation_owner_changes TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.conversation_owner_changes TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.conversation_owner_changes TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.conversations TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.conversations TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.conversations TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.dead_letters TO msg_operator;
GRANT SELECT, INSERT, DELETE ON messaging.dead_letters TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.deferred_replies TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.deferred_replies TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.deferred_replies TO msg_router;
GRANT SELECT, INSERT ON messaging.django_admin_log TO msg_auth;
GRANT SELECT ON messaging.django_content_type TO msg_auth;
GRANT SELECT ON messaging.django_migrations TO msg_app;
GRANT SELECT ON messaging.django_migrations TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.django_session TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.erased_messages TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.erased_messages TO msg_operator;
GRANT SELECT ON messaging.erased_messages TO msg_router;
GRANT SELECT, INSERT ON messaging.erasures TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.erasures TO msg_operator;
GRANT SELECT, INSERT ON messaging.events TO msg_app;
GRANT SELECT, INSERT, DELETE ON messaging.events TO msg_operator;
GRANT SELECT ("position", number, occurred_at) ON messaging.events TO msg_resolver;
GRANT INSERT ON messaging.events TO msg_router;
GRANT SELECT ("position", id, number), UPDATE ("position") ON messaging.events TO msg_sequencer;
GRANT SELECT ON messaging.events TO msg_webhooks;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.idempotency_keys TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.idempotency_keys TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.invitations TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.invitations TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.media TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.media TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.media TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.media_uploads TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.media_uploads TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.media_uploads TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.memberships TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.memberships TO msg_operator;
GRANT SELECT (created_at, id, role, tenant_id, user_id) ON messaging.memberships TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_attempts TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_attempts TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.message_attempts TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_resends TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_resends TO msg_operator;
GRANT SELECT, INSERT ON messaging.message_resends TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_settlements TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_settlements TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_statuses TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_statuses TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.message_statuses TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_templates TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.message_templates TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.message_templates TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.messages TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.messages TO msg_operator;
GRANT SELECT (channel_id, due_at, status) ON messaging.messages TO msg_resolver;
GRANT SELECT, INSERT, UPDATE ON messaging.messages TO msg_router;
GRANT SELECT, INSERT, DELETE ON messaging.password_resets TO msg_auth;
GRANT SELECT, INSERT, DELETE ON messaging.recovery_codes TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.reply_choices TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.reply_choices TO msg_operator;
GRANT SELECT ON messaging.reply_choices TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.second_factors TO msg_auth;
GRANT SELECT, UPDATE (auto_reply) ON messaging.tenants TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.tenants TO msg_operator;
GRANT SELECT (id, name, slug, status) ON messaging.tenants TO msg_resolver;
GRANT SELECT ON messaging.tenants TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.thread_orders TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.thread_orders TO msg_operator;
GRANT SELECT, INSERT, UPDATE ON messaging.thread_orders TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.users TO msg_auth;
GRANT SELECT (id, is_active, username) ON messaging.users TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.users_groups TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.users_user_permissions TO msg_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_attempts TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_attempts TO msg_operator;
GRANT INSERT ON messaging.webhook_attempts TO msg_webhooks;
GRANT INSERT ON messaging.webhook_deliveries TO msg_app;
GRANT SELECT, UPDATE, DELETE ON messaging.webhook_deliveries TO msg_operator;
GRANT SELECT (due_at, id, lane, route_hint, waits_since), INSERT ON messaging.webhook_deliveries TO msg_resolver;
GRANT SELECT, UPDATE ON messaging.webhook_deliveries TO msg_router;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_endpoints TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_endpoints TO msg_operator;
GRANT SELECT, UPDATE ("position", disabled_at, disabled_reason, due_at, failing_since, failures, is_slow, lease, status) ON messaging.webhook_endpoints TO msg_webhooks;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_set_aside TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_set_aside TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.webhook_set_aside TO msg_webhooks;
GRANT SELECT, INSERT ON messaging.whatsapp_deletions TO msg_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.whatsapp_signups TO msg_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.whatsapp_signups TO msg_operator;
GRANT SELECT, DELETE ON messaging.worker_heartbeats TO msg_operator;
GRANT SELECT (seen_at) ON messaging.worker_heartbeats TO msg_resolver;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.worker_heartbeats TO msg_router;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_cancel_job_v1(bigint,boolean,boolean) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]) TO msg_operator;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]) TO msg_resolver;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]) TO msg_router;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1(jobs.procrastinate_job_to_defer_v1[]) TO msg_webhooks;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_periodic_job_v2(character varying,character varying,character varying,character varying,integer,character varying,bigint,jsonb) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_fetch_job_v2(character varying[],bigint) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_finish_job_v1(bigint,jobs.procrastinate_job_status,boolean) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_notify_queue_abort_job_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_prune_stalled_workers_v1(double precision) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_register_worker_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_retry_job_v1(bigint,timestamp with time zone,integer,character varying,character varying) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,character varying,character varying) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_trigger_abort_requested_events_procedure_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_trigger_function_scheduled_events_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_trigger_function_status_events_insert_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_trigger_function_status_events_update_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_unlink_periodic_defers_v1() TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_unregister_worker_v1(bigint) TO msg_jobs;
GRANT EXECUTE ON FUNCTION jobs.procrastinate_update_heartbeat_v1(bigint) TO msg_jobs;
GRANT EXECUTE ON FUNCTION messaging.colleagues() TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.defer_for_tenant(text,text,jsonb) TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.defer_password_reset(uuid) TO msg_auth;
GRANT EXECUTE ON FUNCTION messaging.events_age() TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.events_age() TO msg_operator;
GRANT EXECUTE ON FUNCTION messaging.jobs_age() TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.jobs_age() TO msg_operator;
GRANT EXECUTE ON FUNCTION messaging.memberships_of(uuid) TO msg_auth;
GRANT EXECUTE ON FUNCTION messaging.pipeline_ages() TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.pipeline_ages() TO msg_operator;
GRANT EXECUTE ON FUNCTION messaging.purge_audit_entries(uuid,integer) TO msg_operator;
GRANT EXECUTE ON FUNCTION messaging.store_simulated_delivery(uuid,uuid,uuid,smallint,bytea,double precision) TO msg_app;
GRANT EXECUTE ON FUNCTION messaging.store_simulated_delivery(uuid,uuid,uuid,smallint,bytea,double precision) TO msg_router;
GRANT EXECUTE ON FUNCTION messaging.tenant_of_connect_link(uuid) TO msg_auth;
GRANT EXECUTE ON FUNCTION messaging.use_api_key(bytea) TO msg_app;

-- What migrations leave in Django's own tables

INSERT INTO messaging.django_migrations (app, name, applied)
SELECT app, name, now() FROM (VALUES
    ('admin', '0001_initial'),
    ('admin', '0002_logentry_remove_auto_add'),
    ('admin', '0003_logentry_add_action_flag_choices'),
    ('auth', '0001_initial'),
    ('auth', '0002_alter_permission_name_max_length'),
    ('auth', '0003_alter_user_email_max_length'),
    ('auth', '0004_alter_user_username_opts'),
    ('auth', '0005_alter_user_last_login_null'),
    ('auth', '0006_require_contenttypes_0002'),
    ('auth', '0007_alter_validators_add_error_messages'),
    ('auth', '0008_alter_user_username_max_length'),
    ('auth', '0009_alter_user_last_name_max_length'),
    ('auth', '0010_alter_group_name_max_length'),
    ('auth', '0011_update_proxy_permissions'),
    ('auth', '0012_alter_user_first_name_max_length'),
    ('axes', '0001_initial'),
    ('axes', '0002_auto_20151217_2044'),
    ('axes', '0003_auto_20160322_0929'),
    ('axes', '0004_auto_20181024_1538'),
    ('axes', '0005_remove_accessattempt_trusted'),
    ('axes', '0006_remove_accesslog_trusted'),
    ('axes', '0007_alter_accessattempt_unique_together'),
    ('axes', '0008_accessfailurelog'),
    ('axes', '0009_add_session_hash'),
    ('axes', '0010_accessattemptexpiration'),
    ('channels', '0001_initial'),
    ('channels', '0002_pace_brake_and_resends'),
    ('channels', '0003_account_life'),
    ('channels', '0004_connections'),
    ('channels', '0005_recovery_of_parked_channels'),
    ('channels', '0006_channel_events'),
    ('channels', '0007_event_log'),
    ('channels', '0008_events_age'),
    ('channels', '0009_test_channels'),
    ('channels', '0010_moves_by_links'),
    ('channels', '0011_routing'),
    ('channels', '0012_routing_checked'),
    ('channels', '0013_events_by_type'),
    ('channels', '0014_contact_erased'),
    ('channels', '0015_contact_erased_checked'),
    ('channels', '0016_templates_by_name'),
    ('contenttypes', '0001_initial'),
    ('contenttypes', '0002_remove_content_type_name'),
    ('messaging', '0001_initial'),
    ('messaging', '0002_storage_and_look_up'),
    ('messaging', '0003_promises'),
    ('messaging', '0004_indexes'),
    ('messaging', '0005_ages'),
    ('messaging', '0006_identities'),
    ('messaging', '0007_aims'),
    ('messaging', '0008_media'),
    ('messaging', '0009_media_of_messages'),
    ('messaging', '0010_read_receipts'),
    ('messaging', '0011_recorded_items'),
    ('messaging', '0012_rests'),
    ('messaging', '0013_channel_probes'),
    ('messaging', '0014_unanswered'),
    ('messaging', '0015_unanswered_checked'),
    ('messaging', '0016_lookup'),
    ('messaging', '0017_alerts'),
    ('messaging', '0018_of_late'),
    ('messaging', '0019_webhook_addresses'),
    ('messaging', '0020_deliveries_in_hand'),
    ('messaging', '0021_sending_is_in_hand'),
    ('messaging', '0022_api'),
    ('messaging', '0023_outgoing_webhooks'),
    ('messaging', '0024_routing'),
    ('messaging', '0025_routing_checked'),
    ('messaging', '0026_conversations_by_status'),
    ('messaging', '0027_lists'),
    ('messaging', '0028_settlements'),
    ('messaging', '0029_names'),
    ('messaging', '0030_lists_of_tenants'),
    ('messaging', '0031_simulated_deliveries'),
    ('messaging', '0032_erasures'),
    ('messaging', '0033_messages_by_external_id'),
    ('messaging', '0034_deferred_replies'),
    ('messaging', '0035_waiting_checked'),
    ('messaging', '0036_conversations_waiting'),
    ('messaging', '0037_secret_settings_of_strategies'),
    ('messaging', '0038_messages_owed'),
    ('messaging', '0039_merged_conversations'),
    ('procrastinate', '0001_initial'),
    ('procrastinate', '0002_drop_started_at_column'),
    ('procrastinate', '0003_drop_started_at_column'),
    ('procrastinate', '0004_drop_procrastinate_version_table'),
    ('procrastinate', '0005_fix_procrastinate_fetch_job'),
    ('procrastinate', '0006_fix_trigger_status_events_insert'),
    ('procrastinate', '0007_add_queueing_lock_column'),
    ('procrastinate', '0008_close_fetch_job_race_condition'),
    ('procrastinate', '0009_add_defer_job_function'),
    ('procrastinate', '0010_add_procrastinate_periodic_defers'),
    ('procrastinate', '0011_add_foreign_key_index'),
    ('procrastinate', '0012_add_locks_to_periodic_defer'),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job'),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions'),
    ('procrastinate', '0015_add_trigger_on_job_deletion'),
    ('procrastinate', '0016_delete_finished_jobs'),
    ('procrastinate', '0017_add_checks_to_finish_job'),
    ('procrastinate', '0018_add_checks_to_retry_job'),
    ('procrastinate', '0019_fix_finish_job_compat_issue'),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs'),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job'),
    ('procrastinate', '0022_null_locks_excluded'),
    ('procrastinate', '0023_remove_old_finish_job_function'),
    ('procrastinate', '0024_job_id_bigint'),
    ('procrastinate', '0025_add_models'),
    ('procrastinate', '0026_add_job_priority'),
    ('procrastinate', '0027_add_periodic_job_priority'),
    ('procrastinate', '0028_add_cancel_states'),
    ('procrastinate', '0029_add_additional_params_to_retry_job'),
    ('procrastinate', '0030_alter_procrastinateevent_options'),
    ('procrastinate', '0031_add_indexes_for_fetch_job'),
    ('procrastinate', '0032_pre_cancel_notification'),
    ('procrastinate', '0033_post_cancel_notification'),
    ('procrastinate', '0034_pre_add_heartbeat'),
    ('procrastinate', '0035_post_add_heartbeat'),
    ('procrastinate', '0036_add_worker_model'),
    ('procrastinate', '0037_pre_batch_defer_jobs'),
    ('procrastinate', '0038_post_batch_defer_jobs'),
    ('procrastinate', '0039_pre_priority_lock_fetch_job'),
    ('procrastinate', '0040_pre_retry_failed_job'),
    ('procrastinate', '0041_post_retry_failed_job'),
    ('sessions', '0001_initial'),
    ('tenants', '0001_initial'),
    ('tenants', '0002_pace_brake_and_resends'),
    ('tenants', '0003_identities'),
    ('tenants', '0004_members'),
    ('tenants', '0005_member_look_up'),
    ('tenants', '0006_tenants_tasks'),
    ('tenants', '0007_arguments'),
    ('tenants', '0008_members_pages'),
    ('tenants', '0009_api_keys'),
    ('tenants', '0010_use_of_api_keys'),
    ('tenants', '0011_connect_links'),
    ('tenants', '0012_second_factors'),
    ('tenants', '0013_audit_entries'),
    ('tenants', '0014_privacy_scopes'),
    ('tenants', '0015_answers_by_people'),
    ('tenants', '0016_retention'),
    ('tenants', '0017_tenants_that_resend'),
    ('whatsapp', '0001_connections'),
    ('whatsapp', '0002_deletions_once'),
    ('whatsapp', '0003_signups_by_links'),
    ('whatsapp', '0004_names')
) AS migration (app, name);

INSERT INTO messaging.django_content_type (app_label, model) VALUES
    ('admin', 'logentry'),
    ('auth', 'group'),
    ('auth', 'permission'),
    ('axes', 'accessattempt'),
    ('axes', 'accessattemptexpiration'),
    ('axes', 'accessfailurelog'),
    ('axes', 'accesslog'),
    ('channels', 'channel'),
    ('channels', 'channelevent'),
    ('channels', 'channelmove'),
    ('channels', 'loggedevent'),
    ('channels', 'messagetemplate'),
    ('contenttypes', 'contenttype'),
    ('messaging', 'alert'),
    ('messaging', 'attempt'),
    ('messaging', 'channelpace'),
    ('messaging', 'channelprobe'),
    ('messaging', 'contact'),
    ('messaging', 'contactchange'),
    ('messaging', 'contactidentity'),
    ('messaging', 'conversation'),
    ('messaging', 'deadletter'),
    ('messaging', 'deferredreply'),
    ('messaging', 'erasedmessage'),
    ('messaging', 'erasure'),
    ('messaging', 'idempotencykey'),
    ('messaging', 'media'),
    ('messaging', 'mediaupload'),
    ('messaging', 'message'),
    ('messaging', 'messagestatus'),
    ('messaging', 'ownerchange'),
    ('messaging', 'replychoice'),
    ('messaging', 'resend'),
    ('messaging', 'settlement'),
    ('messaging', 'threadorder'),
    ('messaging', 'webhookattempt'),
    ('messaging', 'webhookdelivery'),
    ('messaging', 'webhookendpoint'),
    ('messaging', 'webhooksetaside'),
    ('messaging', 'workerheartbeat'),
    ('procrastinate', 'procrastinateevent'),
    ('procrastinate', 'procrastinatejob'),
    ('procrastinate', 'procrastinateperiodicdefer'),
    ('procrastinate', 'procrastinateworker'),
    ('sessions', 'session'),
    ('tenants', 'apikey'),
    ('tenants', 'auditentry'),
    ('tenants', 'connectlink'),
    ('tenants', 'invitation'),
    ('tenants', 'membership'),
    ('tenants', 'passwordreset'),
    ('tenants', 'recoverycode'),
    ('tenants', 'secondfactor'),
    ('tenants', 'tenant'),
    ('tenants', 'user'),
    ('whatsapp', 'deletion'),
    ('whatsapp', 'signup');

INSERT INTO messaging.auth_permission (content_type_id, codename, name)
SELECT type.id, codename, name FROM (VALUES
    ('admin', 'logentry', 'add_logentry', 'Can add log entry'),
    ('admin', 'logentry', 'change_logentry', 'Can change log entry'),
    ('admin', 'logentry', 'delete_logentry', 'Can delete log entry'),
    ('admin', 'logentry', 'view_logentry', 'Can view log entry'),
    ('auth', 'group', 'add_group', 'Can add group'),
    ('auth', 'group', 'change_group', 'Can change group'),
    ('auth', 'group', 'delete_group', 'Can delete group'),
    ('auth', 'group', 'view_group', 'Can view group'),
    ('auth', 'permission', 'add_permission', 'Can add permission'),
    ('auth', 'permission', 'change_permission', 'Can change permission'),
    ('auth', 'permission', 'delete_permission', 'Can delete permission'),
    ('auth', 'permission', 'view_permission', 'Can view permission'),
    ('axes', 'accessattempt', 'add_accessattempt', 'Can add access attempt'),
    ('axes', 'accessattempt', 'change_accessattempt', 'Can change access attempt'),
    ('axes', 'accessattempt', 'delete_accessattempt', 'Can delete access attempt'),
    ('axes', 'accessattempt', 'view_accessattempt', 'Can view access attempt'),
    ('axes', 'accessattemptexpiration', 'add_accessattemptexpiration', 'Can add access attempt expiration'),
    ('axes', 'accessattemptexpiration', 'change_accessattemptexpiration', 'Can change access attempt expiration'),
    ('axes', 'accessattemptexpiration', 'delete_accessattemptexpiration', 'Can delete access attempt expiration'),
    ('axes', 'accessattemptexpiration', 'view_accessattemptexpiration', 'Can view access attempt expiration'),
    ('axes', 'accessfailurelog', 'add_accessfailurelog', 'Can add access failure'),
    ('axes', 'accessfailurelog', 'change_accessfailurelog', 'Can change access failure'),
    ('axes', 'accessfailurelog', 'delete_accessfailurelog', 'Can delete access failure'),
    ('axes', 'accessfailurelog', 'view_accessfailurelog', 'Can view access failure'),
    ('axes', 'accesslog', 'add_accesslog', 'Can add access log'),
    ('axes', 'accesslog', 'change_accesslog', 'Can change access log'),
    ('axes', 'accesslog', 'delete_accesslog', 'Can delete access log'),
    ('axes', 'accesslog', 'view_accesslog', 'Can view access log'),
    ('channels', 'channel', 'add_channel', 'Can add channel'),
    ('channels', 'channel', 'change_channel', 'Can change channel'),
    ('channels', 'channel', 'delete_channel', 'Can delete channel'),
    ('channels', 'channel', 'view_channel', 'Can view channel'),
    ('channels', 'channelevent', 'add_channelevent', 'Can add channel event'),
    ('channels', 'channelevent', 'change_channelevent', 'Can change channel event'),
    ('channels', 'channelevent', 'delete_channelevent', 'Can delete channel event'),
    ('channels', 'channelevent', 'view_channelevent', 'Can view channel event'),
    ('channels', 'channelmove', 'add_channelmove', 'Can add channel move'),
    ('channels', 'channelmove', 'change_channelmove', 'Can change channel move'),
    ('channels', 'channelmove', 'delete_channelmove', 'Can delete channel move'),
    ('channels', 'channelmove', 'view_channelmove', 'Can view channel move'),
    ('channels', 'loggedevent', 'add_loggedevent', 'Can add logged event'),
    ('channels', 'loggedevent', 'change_loggedevent', 'Can change logged event'),
    ('channels', 'loggedevent', 'delete_loggedevent', 'Can delete logged event'),
    ('channels', 'loggedevent', 'view_loggedevent', 'Can view logged event'),
    ('channels', 'messagetemplate', 'add_messagetemplate', 'Can add message template'),
    ('channels', 'messagetemplate', 'change_messagetemplate', 'Can change message template'),
    ('channels', 'messagetemplate', 'delete_messagetemplate', 'Can delete message template'),
    ('channels', 'messagetemplate', 'view_messagetemplate', 'Can view message template'),
    ('contenttypes', 'contenttype', 'add_contenttype', 'Can add content type'),
    ('contenttypes', 'contenttype', 'change_contenttype', 'Can change content type'),
    ('contenttypes', 'contenttype', 'delete_contenttype', 'Can delete content type'),
    ('contenttypes', 'contenttype', 'view_contenttype', 'Can view content type'),
    ('messaging', 'alert', 'add_alert', 'Can add alert'),
    ('messaging', 'alert', 'change_alert', 'Can change alert'),
    ('messaging', 'alert', 'delete_alert', 'Can delete alert'),
    ('messaging', 'alert', 'view_alert', 'Can view alert'),
    ('messaging', 'attempt', 'add_attempt', 'Can add attempt'),
    ('messaging', 'attempt', 'change_attempt', 'Can change attempt'),
    ('messaging', 'attempt', 'delete_attempt', 'Can delete attempt'),
    ('messaging', 'attempt', 'view_attempt', 'Can view attempt'),
    ('messaging', 'channelpace', 'add_channelpace', 'Can add channel pace'),
    ('messaging', 'channelpace', 'change_channelpace', 'Can change channel pace'),
    ('messaging', 'channelpace', 'delete_channelpace', 'Can delete channel pace'),
    ('messaging', 'channelpace', 'view_channelpace', 'Can view channel pace'),
    ('messaging', 'channelprobe', 'add_channelprobe', 'Can add channel probe'),
    ('messaging', 'channelprobe', 'change_channelprobe', 'Can change channel probe'),
    ('messaging', 'channelprobe', 'delete_channelprobe', 'Can delete channel probe'),
    ('messaging', 'channelprobe', 'view_channelprobe', 'Can view channel probe'),
    ('messaging', 'contact', 'add_contact', 'Can add contact'),
    ('messaging', 'contact', 'change_contact', 'Can change contact'),
    ('messaging', 'contact', 'delete_contact', 'Can delete contact'),
    ('messaging', 'contact', 'view_contact', 'Can view contact'),
    ('messaging', 'contactchange', 'add_contactchange', 'Can add contact change'),
    ('messaging', 'contactchange', 'change_contactchange', 'Can change contact change'),
    ('messaging', 'contactchange', 'delete_contactchange', 'Can delete contact change'),
    ('messaging', 'contactchange', 'view_contactchange', 'Can view contact change'),
    ('messaging', 'contactidentity', 'add_contactidentity', 'Can add contact identity'),
    ('messaging', 'contactidentity', 'change_contactidentity', 'Can change contact identity'),
    ('messaging', 'contactidentity', 'delete_contactidentity', 'Can delete contact identity'),
    ('messaging', 'contactidentity', 'view_contactidentity', 'Can view contact identity'),
    ('messaging', 'conversation', 'add_conversation', 'Can add conversation'),
    ('messaging', 'conversation', 'change_conversation', 'Can change conversation'),
    ('messaging', 'conversation', 'delete_conversation', 'Can delete conversation'),
    ('messaging', 'conversation', 'view_conversation', 'Can view conversation'),
    ('messaging', 'deadletter', 'add_deadletter', 'Can add item that was not recorded'),
    ('messaging', 'deadletter', 'change_deadletter', 'Can change item that was not recorded'),
    ('messaging', 'deadletter', 'delete_deadletter', 'Can delete item that was not recorded'),
    ('messaging', 'deadletter', 'view_deadletter', 'Can view item that was not recorded'),
    ('messaging', 'deferredreply', 'add_deferredreply', 'Can add deferred reply'),
    ('messaging', 'deferredreply', 'change_deferredreply', 'Can change deferred reply'),
    ('messaging', 'deferredreply', 'delete_deferredreply', 'Can delete deferred reply'),
    ('messaging', 'deferredreply', 'view_deferredreply', 'Can view deferred reply'),
    ('messaging', 'erasedmessage', 'add_erasedmessage', 'Can add erased message'),
    ('messaging', 'erasedmessage', 'change_erasedmessage', 'Can change erased message'),
    ('messaging', 'erasedmessage', 'delete_erasedmessage', 'Can delete erased message'),
    ('messaging', 'erasedmessage', 'view_erasedmessage', 'Can view erased message'),
    ('messaging', 'erasure', 'add_erasure', 'Can add erasure'),
    ('messaging', 'erasure', 'change_erasure', 'Can change erasure'),
    ('messaging', 'erasure', 'delete_erasure', 'Can delete erasure'),
    ('messaging', 'erasure', 'view_erasure', 'Can view erasure'),
    ('messaging', 'idempotencykey', 'add_idempotencykey', 'Can add idempotency key'),
    ('messaging', 'idempotencykey', 'change_idempotencykey', 'Can change idempotency key'),
    ('messaging', 'idempotencykey', 'delete_idempotencykey', 'Can delete idempotency key'),
    ('messaging', 'idempotencykey', 'view_idempotencykey', 'Can view idempotency key'),
    ('messaging', 'media', 'add_media', 'Can add file'),
    ('messaging', 'media', 'change_media', 'Can change file'),
    ('messaging', 'media', 'delete_media', 'Can delete file'),
    ('messaging', 'media', 'view_media', 'Can view file'),
    ('messaging', 'mediaupload', 'add_mediaupload', 'Can add media upload'),
    ('messaging', 'mediaupload', 'change_mediaupload', 'Can change media upload'),
    ('messaging', 'mediaupload', 'delete_mediaupload', 'Can delete media upload'),
    ('messaging', 'mediaupload', 'view_mediaupload', 'Can view media upload'),
    ('messaging', 'message', 'add_message', 'Can add message'),
    ('messaging', 'message', 'change_message', 'Can change message'),
    ('messaging', 'message', 'delete_message', 'Can delete message'),
    ('messaging', 'message', 'view_message', 'Can view message'),
    ('messaging', 'messagestatus', 'add_messagestatus', 'Can add message status'),
    ('messaging', 'messagestatus', 'change_messagestatus', 'Can change message status'),
    ('messaging', 'messagestatus', 'delete_messagestatus', 'Can delete message status'),
    ('messaging', 'messagestatus', 'view_messagestatus', 'Can view message status'),
    ('messaging', 'ownerchange', 'add_ownerchange', 'Can add owner change'),
    ('messaging', 'ownerchange', 'change_ownerchange', 'Can change owner change'),
    ('messaging', 'ownerchange', 'delete_ownerchange', 'Can delete owner change'),
    ('messaging', 'ownerchange', 'view_ownerchange', 'Can view owner change'),
    ('messaging', 'replychoice', 'add_replychoice', 'Can add choice of a reply strategy'),
    ('messaging', 'replychoice', 'change_replychoice', 'Can change choice of a reply strategy'),
    ('messaging', 'replychoice', 'delete_replychoice', 'Can delete choice of a reply strategy'),
    ('messaging', 'replychoice', 'view_replychoice', 'Can view choice of a reply strategy'),
    ('messaging', 'resend', 'add_resend', 'Can add resend'),
    ('messaging', 'resend', 'change_resend', 'Can change resend'),
    ('messaging', 'resend', 'delete_resend', 'Can delete resend'),
    ('messaging', 'resend', 'view_resend', 'Can view resend'),
    ('messaging', 'settlement', 'add_settlement', 'Can add settlement'),
    ('messaging', 'settlement', 'change_settlement', 'Can change settlement'),
    ('messaging', 'settlement', 'delete_settlement', 'Can delete settlement'),
    ('messaging', 'settlement', 'view_settlement', 'Can view settlement'),
    ('messaging', 'threadorder', 'add_threadorder', 'Can add thread order'),
    ('messaging', 'threadorder', 'change_threadorder', 'Can change thread order'),
    ('messaging', 'threadorder', 'delete_threadorder', 'Can delete thread order'),
    ('messaging', 'threadorder', 'view_threadorder', 'Can view thread order'),
    ('messaging', 'webhookattempt', 'add_webhookattempt', 'Can add webhook attempt'),
    ('messaging', 'webhookattempt', 'change_webhookattempt', 'Can change webhook attempt'),
    ('messaging', 'webhookattempt', 'delete_webhookattempt', 'Can delete webhook attempt'),
    ('messaging', 'webhookattempt', 'view_webhookattempt', 'Can view webhook attempt'),
    ('messaging', 'webhookdelivery', 'add_webhookdelivery', 'Can add webhook delivery'),
    ('messaging', 'webhookdelivery', 'change_webhookdelivery', 'Can change webhook delivery'),
    ('messaging', 'webhookdelivery', 'delete_webhookdelivery', 'Can delete webhook delivery'),
    ('messaging', 'webhookdelivery', 'view_webhookdelivery', 'Can view webhook delivery'),
    ('messaging', 'webhookendpoint', 'add_webhookendpoint', 'Can add webhook endpoint'),
    ('messaging', 'webhookendpoint', 'change_webhookendpoint', 'Can change webhook endpoint'),
    ('messaging', 'webhookendpoint', 'delete_webhookendpoint', 'Can delete webhook endpoint'),
    ('messaging', 'webhookendpoint', 'view_webhookendpoint', 'Can view webhook endpoint'),
    ('messaging', 'webhooksetaside', 'add_webhooksetaside', 'Can add webhook set aside'),
    ('messaging', 'webhooksetaside', 'change_webhooksetaside', 'Can change webhook set aside'),
    ('messaging', 'webhooksetaside', 'delete_webhooksetaside', 'Can delete webhook set aside'),
    ('messaging', 'webhooksetaside', 'view_webhooksetaside', 'Can view webhook set aside'),
    ('messaging', 'workerheartbeat', 'add_workerheartbeat', 'Can add worker heartbeat'),
    ('messaging', 'workerheartbeat', 'change_workerheartbeat', 'Can change worker heartbeat'),
    ('messaging', 'workerheartbeat', 'delete_workerheartbeat', 'Can delete worker heartbeat'),
    ('messaging', 'workerheartbeat', 'view_workerheartbeat', 'Can view worker heartbeat'),
    ('procrastinate', 'procrastinateevent', 'add_procrastinateevent', 'Can add procrastinate event'),
    ('procrastinate', 'procrastinateevent', 'change_procrastinateevent', 'Can change procrastinate event'),
    ('procrastinate', 'procrastinateevent', 'delete_procrastinateevent', 'Can delete procrastinate event'),
    ('procrastinate', 'procrastinateevent', 'view_procrastinateevent', 'Can view procrastinate event'),
    ('procrastinate', 'procrastinatejob', 'add_procrastinatejob', 'Can add procrastinate job'),
    ('procrastinate', 'procrastinatejob', 'change_procrastinatejob', 'Can change procrastinate job'),
    ('procrastinate', 'procrastinatejob', 'delete_procrastinatejob', 'Can delete procrastinate job'),
    ('procrastinate', 'procrastinatejob', 'view_procrastinatejob', 'Can view procrastinate job'),
    ('procrastinate', 'procrastinateperiodicdefer', 'add_procrastinateperiodicdefer', 'Can add procrastinate periodic defer'),
    ('procrastinate', 'procrastinateperiodicdefer', 'change_procrastinateperiodicdefer', 'Can change procrastinate periodic defer'),
    ('procrastinate', 'procrastinateperiodicdefer', 'delete_procrastinateperiodicdefer', 'Can delete procrastinate periodic defer'),
    ('procrastinate', 'procrastinateperiodicdefer', 'view_procrastinateperiodicdefer', 'Can view procrastinate periodic defer'),
    ('procrastinate', 'procrastinateworker', 'add_procrastinateworker', 'Can add procrastinate worker'),
    ('procrastinate', 'procrastinateworker', 'change_procrastinateworker', 'Can change procrastinate worker'),
    ('procrastinate', 'procrastinateworker', 'delete_procrastinateworker', 'Can delete procrastinate worker'),
    ('procrastinate', 'procrastinateworker', 'view_procrastinateworker', 'Can view procrastinate worker'),
    ('sessions', 'session', 'add_session', 'Can add session'),
    ('sessions', 'session', 'change_session', 'Can change session'),
    ('sessions', 'session', 'delete_session', 'Can delete session'),
    ('sessions', 'session', 'view_session', 'Can view session'),
    ('tenants', 'apikey', 'add_apikey', 'Can add API key'),
    ('tenants', 'apikey', 'change_apikey', 'Can change API key'),
    ('tenants', 'apikey', 'delete_apikey', 'Can delete API key'),
    ('tenants', 'apikey', 'view_apikey', 'Can view API key'),
    ('tenants', 'auditentry', 'add_auditentry', 'Can add audit entry'),
    ('tenants', 'auditentry', 'change_auditentry', 'Can change audit entry'),
    ('tenants', 'auditentry', 'delete_auditentry', 'Can delete audit entry'),
    ('tenants', 'auditentry', 'view_auditentry', 'Can view audit entry'),
    ('tenants', 'connectlink', 'add_connectlink', 'Can add connect link'),
    ('tenants', 'connectlink', 'change_connectlink', 'Can change connect link'),
    ('tenants', 'connectlink', 'delete_connectlink', 'Can delete connect link'),
    ('tenants', 'connectlink', 'view_connectlink', 'Can view connect link'),
    ('tenants', 'invitation', 'add_invitation', 'Can add invitation'),
    ('tenants', 'invitation', 'change_invitation', 'Can change invitation'),
    ('tenants', 'invitation', 'delete_invitation', 'Can delete invitation'),
    ('tenants', 'invitation', 'view_invitation', 'Can view invitation'),
    ('tenants', 'membership', 'add_membership', 'Can add membership'),
    ('tenants', 'membership', 'change_membership', 'Can change membership'),
    ('tenants', 'membership', 'delete_membership', 'Can delete membership'),
    ('tenants', 'membership', 'view_membership', 'Can view membership'),
    ('tenants', 'passwordreset', 'add_passwordreset', 'Can add password reset'),
    ('tenants', 'passwordreset', 'change_passwordreset', 'Can change password reset'),
    ('tenants', 'passwordreset', 'delete_passwordreset', 'Can delete password reset'),
    ('tenants', 'passwordreset', 'view_passwordreset', 'Can view password reset'),
    ('tenants', 'recoverycode', 'add_recoverycode', 'Can add recovery code'),
    ('tenants', 'recoverycode', 'change_recoverycode', 'Can change recovery code'),
    ('tenants', 'recoverycode', 'delete_recoverycode', 'Can delete recovery code'),
    ('tenants', 'recoverycode', 'view_recoverycode', 'Can view recovery code'),
    ('tenants', 'secondfactor', 'add_secondfactor', 'Can add second factor'),
    ('tenants', 'secondfactor', 'change_secondfactor', 'Can change second factor'),
    ('tenants', 'secondfactor', 'delete_secondfactor', 'Can delete second factor'),
    ('tenants', 'secondfactor', 'view_secondfactor', 'Can view second factor'),
    ('tenants', 'tenant', 'add_tenant', 'Can add tenant'),
    ('tenants', 'tenant', 'change_tenant', 'Can change tenant'),
    ('tenants', 'tenant', 'delete_tenant', 'Can delete tenant'),
    ('tenants', 'tenant', 'view_tenant', 'Can view tenant'),
    ('tenants', 'user', 'add_user', 'Can add user'),
    ('tenants', 'user', 'change_user', 'Can change user'),
    ('tenants', 'user', 'delete_user', 'Can delete user'),
    ('tenants', 'user', 'view_user', 'Can view user'),
    ('whatsapp', 'deletion', 'add_deletion', 'Can add deletion'),
    ('whatsapp', 'deletion', 'change_deletion', 'Can change deletion'),
    ('whatsapp', 'deletion', 'delete_deletion', 'Can delete deletion'),
    ('whatsapp', 'deletion', 'view_deletion', 'Can view deletion'),
    ('whatsapp', 'signup', 'add_signup', 'Can add sign-up'),
    ('whatsapp', 'signup', 'change_signup', 'Can change sign-up'),
    ('whatsapp', 'signup', 'delete_signup', 'Can delete sign-up'),
    ('whatsapp', 'signup', 'view_signup', 'Can view sign-up')
) AS permission (app_label, model, codename, name)
JOIN messaging.django_content_type AS type USING (app_label, model);

COMMIT;
