"""Prepare a database: roles, schema, migrations, grants. Every step may be repeated.

Runs as the owner (DATABASE_OWNER_URL: CREATEROLE and owner of the database, no superuser) on a
direct connection or through a session pooler.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from psycopg import sql

from tenants.database import logins
from tenants.database.grants import QUEUE, SCHEMA, grant_listed, grant_queue, revoke_everything
from tenants.database.migrating import migrate
from tenants.database.owner_statements import ddl, execute, rows
from tenants.database.role_settings import HELPER_ROLES, RESOLVER
from tenants.database.roles import create_roles
from tenants.isolation import protected_tables
from tenants.scope import JOBS, OPERATOR, ROUTER, WEBHOOKS

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


def prepare(
    runtime_role: str, password: str, passwords: Mapping[str, str], patience: float
) -> None:
    """Make roles, schema, migrations and grants for `runtime_role`, which is created if it is
    missing, and for the logins of hardened mode: those that are there, and those of `passwords`,
    by the process. Migrations try for `patience` seconds to get the tables that they change.
    """
    execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        with transaction.atomic():
            create_roles(runtime_role, password, passwords)
            signing_in = [runtime_role, *logins.existing(runtime_role)]
            create_schema(signing_in)
        migrate(patience)
        force_row_level_security()
        with transaction.atomic():
            revoke_everything(signing_in)
            grant_listed(logins.holders(runtime_role))
            grant_queue()
        execute("SET lock_timeout = 0")  # nobody waits behind it
        execute("ANALYZE")
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def create_schema(signing_in: Iterable[str]) -> None:
    ddl("CREATE SCHEMA IF NOT EXISTS {}", SCHEMA)
    for role in (*signing_in, *HELPER_ROLES):
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
