BEGIN;

-- Is this an empty project, and is it the right role's session? An error ends all that follows.
DO $$
DECLARE
    taken text;
BEGIN
    IF current_setting('server_version_num')::int < 150000 THEN
        RAISE EXCEPTION 'Nothing was changed: PostgreSQL 15 or newer is needed.';
    END IF;
    SELECT nspname INTO taken FROM pg_namespace WHERE nspname IN ({schemas})
    ORDER BY 1 DESC;
    IF FOUND THEN
        RAISE EXCEPTION 'Nothing was changed: the schema "%" is here already. '
            'This file is for a project without it; prepare_database brings one up to date.', taken;
    END IF;
    SELECT rolname INTO taken FROM pg_roles
    WHERE rolname IN ({roles})
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
    EXECUTE format('CREATE ROLE {runtime} LOGIN NOINHERIT PASSWORD %L', password);
END $$;
{settings}

-- Roles that nobody signs in with. {runtime} turns into one of them for a transaction at a time,
-- but never into msg_resolver.
{helper_roles}
GRANT {becomes} TO {runtime};
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
        current_database()) || path || ', {search_path}';
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
