"""The roles of the database: those that sign in, those that they turn into, and what their sessions
begin with.
"""

from collections.abc import Collection, Iterable, Mapping

from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

from tenants.database import logins
from tenants.database.owner_statements import ddl, rows
from tenants.database.role_settings import (
    HELPER_ROLES,
    REFUSED_OF_A_DATABASE,
    RESOLVER,
    RUNTIME_SETTINGS,
)
from tenants.scope import ASSUMED_ROLES, AUTH, OPERATOR

LOGIN = "LOGIN NOINHERIT"


def create_roles(runtime_role: str, password: str, passwords: Mapping[str, str]) -> None:
    """Make the helper roles, the runtime role, which may turn into most of them, and the logins of
    hardened mode for which there are `passwords`, by the process. Those that are there are brought
    up to date.
    """
    for role in HELPER_ROLES:
        create_role(role, "NOLOGIN")
    create_login(runtime_role, password, becomes=ASSUMED_ROLES)
    given = {logins.name_of(process, runtime_role): word for process, word in passwords.items()}
    for name in given:
        create_role(name, LOGIN)
    for name, login in logins.existing(runtime_role).items():
        create_login(name, given.get(name, ""), becomes=login.becomes)
    # staff's own requests read the session and write the admin log
    ddl("GRANT {} TO {}", AUTH, OPERATOR)
    # The owner runs data migrations as the operator, and owns functions through the resolver.
    ddl("GRANT {} TO CURRENT_USER" + not_inherited(), OPERATOR)
    ddl("GRANT {} TO CURRENT_USER", RESOLVER)
    give_settings([runtime_role, *logins.existing(runtime_role)])


def create_login(name: str, password: str, *, becomes: Collection[str]) -> None:
    """Make a role that signs in and turns into these and no other of our roles; an empty password
    leaves it as it is. Raises CommandError.
    """
    create_role(name, LOGIN)
    if rows("SELECT 1 FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolbypassrls)", [name]):
        raise CommandError(
            f"The role {name!r} of DATABASE_URL bypasses row level security. Name a new one there."
        )
    set_password(name, password)
    # else every policy of the roles it may become would bind it at once
    ddl("ALTER ROLE {} NOINHERIT", name)
    for role in becomes:
        ddl("GRANT {} TO {}" + not_inherited(), role, name)
    for role in memberships(name) - set(becomes):
        ddl("REVOKE {} FROM {}", role, name)


def memberships(name: str) -> set[str]:
    """Return which of our roles were granted to this one."""
    query = """
        SELECT r.rolname::text FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid
        WHERE member = %s::regrole AND r.rolname = ANY(%s)
    """
    quoted = sql.Identifier(name).as_string(None)
    return {role for (role,) in rows(query, [quoted, list(HELPER_ROLES)])}


def not_inherited() -> str:
    connection.ensure_connection()
    return " WITH INHERIT FALSE" if connection.connection.info.server_version >= 160000 else ""


def give_settings(names: Iterable[str]) -> None:
    """Set what sessions of these logins begin with, and take away whatever else was set for one of
    our roles.
    """
    database = connection.settings_dict["NAME"]
    for role in (*names, *HELPER_ROLES):
        ddl("ALTER ROLE {} RESET ALL", role)
        ddl("ALTER ROLE {} IN DATABASE {} RESET ALL", role, database)
    for role in names:
        for name, value in RUNTIME_SETTINGS.items():
            given = sql.SQL(value) if "," in value else sql.Literal(value)
            ddl("ALTER ROLE {} SET {} = {}", role, name, given)
    of_database = """
        SELECT split_part(unnest(setconfig), '=', 1) FROM pg_db_role_setting
        WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database
            WHERE datname = current_database())
    """
    for (name,) in rows(of_database):
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
