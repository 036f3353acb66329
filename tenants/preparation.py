"""Makes a database ours: roles, schema, migrations, grants. Every step may be repeated.

Runs as the owner (DATABASE_OWNER_URL: CREATEROLE and owner of the database, no superuser) on a direct connection.
"""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from tenants.isolation import protected_tables
from tenants.role_settings import HELPER_ROLES, REFUSED_OF_A_DATABASE, RESOLVER, RUNTIME_SETTINGS
from tenants.scope import AUTH, JOBS, OPERATOR, ROUTER

SCHEMA = "messaging"
QUEUE = "jobs"  # the schema of Procrastinate's own tables and functions
OUTSIDERS = ("PUBLIC", "anon", "authenticated", "service_role")  # the last three are Supabase's Data API

ONE_AT_A_TIME = 7160_2026  # advisory lock: two release steps may start together


def become_owner() -> None:
    """From here on this process talks to the database as its owner."""
    if settings.DATABASE_OWNER is None:
        raise CommandError("DATABASE_OWNER_URL is not set: it names the role that owns the database and may create roles.")
    if settings.DATABASE_OWNER["USER"] == connection.settings_dict["USER"]:
        raise CommandError(
            "DATABASE_URL and DATABASE_OWNER_URL name the same role. Put a new name and password into DATABASE_URL: "
            "prepare_database creates that role, bound by row level security."
        )
    connection.close()
    connection.settings_dict.update(settings.DATABASE_OWNER)


def prepare(runtime_role: str, password: str) -> None:
    """Roles, schema, migrations and grants for `runtime_role`, which is created where it is missing."""
    execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        with transaction.atomic():
            create_roles(runtime_role, password)
            create_schema(runtime_role)
        execute("SET lock_timeout = '5s'")  # a migration that waits for a table makes everybody wait behind it
        migrate()
        force_row_level_security()
        with transaction.atomic():
            revoke_everything(runtime_role)
            grant_listed(runtime_role)
            grant_queue()
        execute("ANALYZE")
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def create_roles(runtime_role: str, password: str) -> None:
    for role in HELPER_ROLES:
        create_role(role, "NOLOGIN")
    create_role(runtime_role, "LOGIN NOINHERIT")
    bypasses = rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [runtime_role])[0][0]
    if bypasses:
        raise CommandError(f"The role {runtime_role!r} of DATABASE_URL bypasses row level security. Name a new one there.")
    set_password(runtime_role, password)
    give_settings(runtime_role)
    ddl("ALTER ROLE {} NOINHERIT", runtime_role)  # else every policy of the roles it may become would bind it at once
    not_inherited = " WITH INHERIT FALSE" if server_version() >= 160000 else ""
    for role in (OPERATOR, ROUTER, AUTH, JOBS):
        ddl("GRANT {} TO {}" + not_inherited, role, runtime_role)
    ddl("GRANT {} TO {}", AUTH, OPERATOR)  # staff's own requests read the session and write the admin log
    # The owner runs data migrations as the operator, and owns functions through the resolver.
    ddl("GRANT {} TO CURRENT_USER" + not_inherited, OPERATOR)
    ddl("GRANT {} TO CURRENT_USER", RESOLVER)


def give_settings(runtime_role: str) -> None:
    """What sessions begin with is ours alone: whatever else was set for one of our roles is taken away."""
    database = connection.settings_dict["NAME"]
    for role in (runtime_role, *HELPER_ROLES):
        ddl("ALTER ROLE {} RESET ALL", role)
        ddl("ALTER ROLE {} IN DATABASE {} RESET ALL", role, database)
    for name, value in RUNTIME_SETTINGS.items():
        ddl("ALTER ROLE {} SET {} = {}", runtime_role, name, sql.SQL(value) if "," in value else sql.Literal(value))
    given = """
        SELECT split_part(unnest(setconfig), '=', 1) FROM pg_db_role_setting
        WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
    for (name,) in rows(given):
        if name in REFUSED_OF_A_DATABASE:
            ddl("ALTER DATABASE {} RESET {}", database, sql.SQL(name))


def create_role(role: str, attributes: str) -> None:
    if not rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]):
        ddl(f"CREATE ROLE {{}} {attributes}", role)


def set_password(role: str, password: str) -> None:
    """Hashed here, so that no server log ever holds it in clear."""
    if not password:
        return
    connection.ensure_connection()
    pgconn = connection.connection.pgconn
    ddl("ALTER ROLE {} PASSWORD {}", role, sql.Literal(pgconn.encrypt_password(password.encode(), role.encode()).decode()))


def create_schema(runtime_role: str) -> None:
    ddl("CREATE SCHEMA IF NOT EXISTS {}", SCHEMA)
    for role in (runtime_role, *HELPER_ROLES):
        ddl("GRANT USAGE ON SCHEMA {} TO {}", SCHEMA, role)
    ddl("CREATE SCHEMA IF NOT EXISTS {}", QUEUE)
    for role in (JOBS, ROUTER, OPERATOR, RESOLVER):
        ddl("GRANT USAGE ON SCHEMA {} TO {}", QUEUE, role)
    (path,) = rows("SELECT reset_val FROM pg_settings WHERE name = 'search_path'")[0]
    if not {SCHEMA, QUEUE} <= {each.strip() for each in path.split(",")}:
        # Whoever opens the database as its owner finds the tables by name; what they create still lands where it did.
        names = dict.fromkeys([*(each.strip() for each in path.split(",")), SCHEMA, QUEUE])
        words = sql.SQL(", ".join(names))
        ddl("ALTER ROLE CURRENT_USER IN DATABASE {} SET search_path = {}", connection.settings_dict["NAME"], words)


def migrate() -> None:
    """Procrastinate's migrations into a schema of their own, then ours; both are recorded in ours."""
    execute(f"SET search_path = {SCHEMA}")
    MigrationRecorder(connection).ensure_schema()
    execute(f"SET search_path = {QUEUE}, {SCHEMA}")
    call_command("migrate", "procrastinate", interactive=False, verbosity=0, skip_checks=True)
    execute(f"SET search_path = {SCHEMA}, {QUEUE}")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def force_row_level_security() -> None:
    """Where somebody has taken it away by hand; the policies themselves are the migrations'."""
    loose = "SELECT relname FROM pg_class WHERE oid = to_regclass(%s) AND NOT (relrowsecurity AND relforcerowsecurity)"
    for table in protected_tables():
        if rows(loose, [f"{SCHEMA}.{table}"]):
            ddl("ALTER TABLE {}.{} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", SCHEMA, table)


def revoke_everything(runtime_role: str) -> None:
    """Back to nothing, so that what a grants list no longer says is gone."""
    known = {name for (name,) in rows("SELECT rolname FROM pg_roles")} | {"PUBLIC"}
    outsiders = [role for role in OUTSIDERS if role in known]
    for schema in (SCHEMA, QUEUE):
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            for role in (runtime_role, *HELPER_ROLES, *outsiders):
                ddl(f"REVOKE ALL ON ALL {kind} IN SCHEMA {{}} FROM {{}}", schema, role)
        for role in outsiders:
            ddl("REVOKE ALL ON SCHEMA {} FROM {}", schema, role)


def grant_listed(runtime_role: str) -> None:
    for name, role, privileges in listed_grants():
        kind = "FUNCTION {}.{}" if privileges == "EXECUTE" else "{}.{}"
        ddl(f"GRANT {privileges} ON {kind} TO {{}}", SCHEMA, name, runtime_role if role == "app" else role)


def grant_queue() -> None:
    """Background tasks: the pipeline and the operator put them in, within their own transactions, and a function that the
    resolver owns, for tenants; one role works on them.
    """
    for kind, privileges in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE"), ("FUNCTIONS", "EXECUTE")):
        ddl(f"GRANT {privileges} ON ALL {kind} IN SCHEMA {{}} TO {{}}", QUEUE, JOBS)
    for role in (ROUTER, OPERATOR, RESOLVER):
        ddl("GRANT INSERT ON {}.procrastinate_jobs, {}.procrastinate_events TO {}", QUEUE, QUEUE, role)
        ddl("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}", QUEUE, role)
        ddl("GRANT EXECUTE ON FUNCTION {}.procrastinate_defer_jobs_v1 TO {}", QUEUE, role)
    for role in (ROUTER, RESOLVER):
        ddl("GRANT SELECT (id) ON {}.procrastinate_jobs TO {}", QUEUE, role)
    ddl("GRANT SELECT ON {}.procrastinate_jobs, {}.procrastinate_events TO {}", QUEUE, QUEUE, OPERATOR)
    for role in (OPERATOR, RESOLVER):
        ddl("GRANT SELECT (last_heartbeat) ON {}.procrastinate_workers TO {}", QUEUE, role)


def listed_grants() -> Iterable[tuple[str, str, str]]:
    """(table or function, role, privileges) from the `grants` of every app's AppConfig."""
    for app in apps.get_app_configs():
        for name, roles in getattr(app, "grants", {}).items():
            for role, privileges in roles.items():
                yield name, role, privileges


def server_version() -> int:
    connection.ensure_connection()
    return connection.connection.info.server_version


def ddl(statement: str, *names: str | sql.Composable) -> None:
    """A statement with quoted identifiers in its {}; PUBLIC stays a word."""
    parts = [
        sql.SQL("PUBLIC") if name == "PUBLIC" else sql.Identifier(name) if isinstance(name, str) else name for name in names
    ]
    execute(sql.SQL(statement).format(*parts))


def execute(statement: str | sql.Composable, parameters: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows(query: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
