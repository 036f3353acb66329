"""A PostgreSQL that is prepared as Supabase prepares one: its roles, its default privileges, its
schemas, and a `postgres` that is no superuser.

Rewritten, as far as it can touch us, from the init scripts and migrations in the public repository
supabase/postgres (`migrations/db/`), as they were in October 2026. Of its extensions only those are
here that the server has, and nothing of this is Supabase itself.
"""

import shutil
import tempfile
from pathlib import Path

import psycopg

from config.development_database import THROWAWAY, Server

API_ROLES = ("anon", "authenticated", "service_role")
ADMIN = "supabase_admin"
RENAME = [
    "CREATE ROLE passing SUPERUSER LOGIN",
    f"ALTER ROLE postgres RENAME TO {ADMIN}",  # as `passing`: nobody renames itself
    "CREATE ROLE postgres NOSUPERUSER CREATEDB CREATEROLE LOGIN REPLICATION BYPASSRLS",
]
PREPARED_AS_THERE = """
    DROP ROLE passing;
    CREATE ROLE anon NOLOGIN;
    CREATE ROLE authenticated NOLOGIN;
    CREATE ROLE service_role NOLOGIN BYPASSRLS;
    CREATE ROLE authenticator LOGIN NOINHERIT;
    CREATE ROLE dashboard_user NOLOGIN CREATEDB CREATEROLE REPLICATION;
    CREATE ROLE supabase_auth_admin LOGIN NOINHERIT CREATEROLE;
    CREATE ROLE supabase_read_only_user LOGIN BYPASSRLS;
    GRANT pg_read_all_data TO supabase_read_only_user;
    GRANT anon, authenticated, service_role TO authenticator;
    GRANT anon, authenticated, service_role TO postgres WITH ADMIN OPTION;
    ALTER ROLE anon SET statement_timeout = '3s';
    ALTER ROLE authenticated SET statement_timeout = '8s';
    ALTER ROLE postgres SET search_path TO "\\$user", public, extensions;
    GRANT ALL ON DATABASE postgres TO postgres, dashboard_user;
    CREATE SCHEMA extensions;
    CREATE SCHEMA auth AUTHORIZATION supabase_admin;
    CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
    GRANT ALL ON SCHEMA extensions, auth TO postgres, dashboard_user;
    GRANT USAGE ON SCHEMA extensions, auth, public TO anon, authenticated, service_role;
    GRANT CREATE ON SCHEMA public TO postgres;
    DO $$
    DECLARE each text;
    BEGIN
        FOR each IN SELECT name FROM pg_available_extensions
            WHERE name IN ('pgcrypto', 'pg_stat_statements', 'uuid-ossp') LOOP
            EXECUTE format('CREATE EXTENSION %I WITH SCHEMA extensions', each);
        END LOOP;
    END $$;
    CREATE PUBLICATION supabase_realtime;
    CREATE FUNCTION extensions.pgrst_ddl_watch() RETURNS event_trigger LANGUAGE plpgsql
        AS $$ BEGIN NOTIFY pgrst, 'reload schema'; END $$;
    CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end
        EXECUTE FUNCTION extensions.pgrst_ddl_watch();
"""
DEFAULT_PRIVILEGES = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    " GRANT ALL ON {kind} TO postgres, anon, authenticated, service_role"
)


class SupabaseServer:
    """A throw-away one, on a port of its own; `copy()` is another with the same data."""

    def __init__(self, template: "SupabaseServer | None" = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="messaging-supabase-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.process = Server(self.folder / "data", options=THROWAWAY)
        if template:
            shutil.copytree(template.process.data, self.process.data)
            own = template.process.data.stat()
            for path in (self.process.data, *self.process.data.rglob("*")):
                shutil.chown(path, own.st_uid, own.st_gid)
        self.address = self.process.start().rpartition("@")[2]
        if not template:
            self.prepare()

    def prepare(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as first:
            first.execute(RENAME[0])
        with psycopg.connect(self.url("passing"), autocommit=True) as passing:
            for statement in RENAME[1:]:
                passing.execute(statement)
        with psycopg.connect(self.url(ADMIN)) as admin:
            admin.execute(PREPARED_AS_THERE)
            for owner in (ADMIN, "postgres"):
                for kind in ("TABLES", "FUNCTIONS", "SEQUENCES"):
                    admin.execute(DEFAULT_PRIVILEGES.format(owner=owner, kind=kind))

    def copy(self) -> "SupabaseServer":
        self.process.stop()
        other = SupabaseServer(self)
        self.address = self.process.start().rpartition("@")[2]
        return other

    def url(self, role: str, password: str = "") -> str:
        """Everybody is trusted on this server, with any password."""
        return f"postgresql://{role}{password and ':' + password}@{self.address}"

    def remove(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
