"""Prepare a database: roles, schema, migrations, grants. Every step may be repeated.

Runs as the owner (DATABASE_OWNER_URL: CREATEROLE and owner of the database, no superuser) on a
direct connection or through a session pooler.
"""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from psycopg import sql

from tenants.database.grants import QUEUE, SCHEMA, grant_listed, grant_queue, revoke_everything
from tenants.database.migrating import migrate
from tenants.database.owner_statements import ddl, execute, rows
from tenants.database.role_settings import (
    HELPER_ROLES,
    REFUSED_OF_A_DATABASE,
    RESOLVER,
    RUNTIME_SETTINGS,
)
from tenants.isolation import protected_tables
from tenants.scope import ASSUMED_ROLES, AUTH, JOBS, OPERATOR, ROUTER, WEBHOOKS

ONE_AT_A_TIME = 7160_2026  # advisory lock: two release steps may start together


def become_owner() -> None:
    """Make this process talk to the database as its owner from here on."""
    if settings.DATABASE_OWNER is None:
        raise CommandError(
            "DATABASE_OWNER_URL is not set: it names the role that owns the database and may create"
            " roles."
        )
    if settings.DATABASE_OWNER["TRANSACTION_POOLER"]:
        raise CommandError(
            "DATABASE_OWNER_URL leads through a transaction pooler, which keeps no session: take"
            " the direct connection, or the session pooler (port 5432)."
        )
    if settings.DATABASE_OWNER["ROLE"] == connection.settings_dict["ROLE"]:
        raise CommandError(
            "DATABASE_URL and DATABASE_OWNER_URL name the same role. Put a new name and password"
            " into DATABASE_URL: prepare_database creates that role, bound by row level security."
        )
    connection.close()
    connection.settings_dict.update(settings.DATABASE_OWNER)


def prepare(runtime_role: str, password: str, patience: float) -> None:
    """Make roles, schema, migrations and grants for `runtime_role`, which is created if it is
    missing. Migrations try for `patience` seconds to get the tables that they change.
    """
    execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        with transaction.atomic():
            create_roles(runtime_role, password)
            create_schema(runtime_role)
        migrate(patience)
        force_row_level_security()
        with transaction.atomic():
            revoke_everything(runtime_role)
            grant_listed(runtime_role)
            grant_queue()
        execute("SET lock_timeout = 0")  # nobody waits behind it
        execute("ANALYZE")
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def create_roles(runtime_role: str, password: str) -> None:
    for role in HELPER_ROLES:
        create_role(role, "NOLOGIN")
    create_role(runtime_role, "LOGIN NOINHERIT")
    bypasses = rows(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [runtime_role]
    )[0][0]
    if bypasses:
        raise CommandError(
            f"The role {runtime_role!r} of DATABASE_URL bypasses row level security. Name a new one"
            " there."
        )
    set_password(runtime_role, password)
    give_settings(runtime_role)
    # else every policy of the roles it may become would bind it at once
    ddl("ALTER ROLE {} NOINHERIT", runtime_role)
    not_inherited = " WITH INHERIT FALSE" if server_version() >= 160000 else ""
    for role in ASSUMED_ROLES:
        ddl("GRANT {} TO {}" + not_inherited, role, runtime_role)
    # staff's own requests read the session and write the admin log
    ddl("GRANT {} TO {}", AUTH, OPERATOR)
    # The owner runs data migrations as the operator, and owns functions through the resolver.
    ddl("GRANT {} TO CURRENT_USER" + not_inherited, OPERATOR)
    ddl("GRANT {} TO CURRENT_USER", RESOLVER)


def give_settings(runtime_role: str) -> None:
    """Set what sessions of our roles begin with, and take away whatever else was set for one of
    them.
    """
    database = connection.settings_dict["NAME"]
    for role in (runtime_role, *HELPER_ROLES):
        ddl("ALTER ROLE {} RESET ALL", role)
        ddl("ALTER ROLE {} IN DATABASE {} RESET ALL", role, database)
    for name, value in RUNTIME_SETTINGS.items():
        ddl(
            "ALTER ROLE {} SET {} = {}",
            runtime_role,
            name,
            sql.SQL(value) if "," in value else sql.Literal(value),
        )
    given = """
        SELECT split_part(unnest(setconfig), '=', 1) FROM pg_db_role_setting
        WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database
            WHERE datname = current_database())
    """
    for (name,) in rows(given):
        if name in REFUSED_OF_A_DATABASE:
            ddl("ALTER DATABASE {} RESET {}", database, sql.SQL(name))


def create_role(role: str, attributes: str) -> None:
    if not rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]):
        ddl(f"CREATE ROLE {{}} {attributes}", role)


def set_password(role: str, password: str) -> None:
    """Set the password, hashed here so that no server log ever holds it in clear."""
    if not password:
        return
    connection.ensure_connection()
    pgconn = connection.connection.pgconn
    ddl(
        "ALTER ROLE {} PASSWORD {}",
        role,
        sql.Literal(pgconn.encrypt_password(password.encode(), role.encode()).decode()),
    )


def create_schema(runtime_role: str) -> None:
    ddl("CREATE SCHEMA IF NOT EXISTS {}", SCHEMA)
    for role in (runtime_role, *HELPER_ROLES):
        ddl("GRANT USAGE ON SCHEMA {} TO {}", SCHEMA, role)
    ddl("CREATE SCHEMA IF NOT EXISTS {}", QUEUE)
    for role in (JOBS, ROUTER, OPERATOR, WEBHOOKS, RESOLVER):
        ddl("GRANT USAGE ON SCHEMA {} TO {}", QUEUE, role)
    (path,) = rows("SELECT reset_val FROM pg_settings WHERE name = 'search_path'")[0]
    if not {SCHEMA, QUEUE} <= {name.strip() for name in path.split(",")}:
        # Whoever opens the database as its owner finds the tables by name; what they create still
        # lands where it did.
        names = dict.fromkeys([*(name.strip() for name in path.split(",")), SCHEMA, QUEUE])
        words = sql.SQL(", ".join(names))
        ddl(
            "ALTER ROLE CURRENT_USER IN DATABASE {} SET search_path = {}",
            connection.settings_dict["NAME"],
            words,
        )


def force_row_level_security() -> None:
    """Force row level security where somebody has taken it away by hand. The policies themselves
    are the migrations'.
    """
    loose = (
        "SELECT relname FROM pg_class WHERE oid = to_regclass(%s) AND NOT (relrowsecurity AND"
        " relforcerowsecurity)"
    )
    for table in protected_tables():
        if rows(loose, [f"{SCHEMA}.{table}"]):
            ddl(
                "ALTER TABLE {}.{} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                SCHEMA,
                table,
            )


def server_version() -> int:
    connection.ensure_connection()
    return connection.connection.info.server_version
