"""The whole migration as one file for Supabase's SQL editor, read from a prepared database."""

from collections.abc import Iterable
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tenants.database import catalogue_text
from tenants.database.grants import OUTSIDERS, QUEUE, SCHEMA
from tenants.database.role_settings import HELPER_ROLES, RUNTIME_SETTINGS
from tenants.scope import ASSUMED_ROLES, operator_scope

RUNTIME = "msg_app"
HEAD = f"""\
-- Everything this project needs in a Supabase project, for its SQL editor: roles, tables, row level
-- security, grants. Made by `manage.py supabase_sql`; do not edit it but for the password.
--
-- 1. Put a new password, of letters and digits, into the line that ends in "-- here".
-- 2. Run all of it as the role `postgres`. It is one transaction: an error leaves nothing behind.
-- 3. DATABASE_URL=postgresql://{RUNTIME}:PASSWORD@db.PROJECT.supabase.co:5432/postgres
--
-- It may be run once, in a project without the schemas "{SCHEMA}" and "{QUEUE}"; a second run is
-- refused. Later releases come with `manage.py prepare_database`, which finds nothing to do after
-- this file. docs/deployment.md has more.

"""


class NotPrepared(RuntimeError):
    """This database lacks migrations."""


def migration() -> str:
    """Return the file's text. Raises NotPrepared."""
    loader = MigrationLoader(connection)
    if not loader.graph.nodes.keys() <= loader.applied_migrations.keys():
        raise NotPrepared
    with operator_scope():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = pg_catalog")
            cursor.execute("SELECT session_user::text")
            (runtime_role,) = cursor.fetchone()
        sections = [
            HEAD + filled("supabase_beginning.sql"),
            *section("Types", catalogue_text.types()),
            *section("Tables, with their indexes and policies", catalogue_text.tables()),
            *section("Foreign keys", catalogue_text.foreign_keys()),
            *section("Functions", catalogue_text.functions()),
            *section("Triggers", catalogue_text.triggers()),
            *section(
                "Functions that look past row level security run as msg_resolver",
                catalogue_text.owners(),
                between="\n",
            ),
            filled("supabase_end.sql"),
            *section("Grants", catalogue_text.grants(runtime_role), between="\n"),
            *section("What migrations leave in Django's own tables", catalogue_text.rows()),
        ]
    return "\n".join([*sections, "COMMIT;\n"])


def section(title: str, parts: Iterable[str], between: str = "\n\n") -> list[str]:
    return [f"-- {title}\n", between.join(parts) + "\n"]


def filled(name: str) -> str:
    """Return a file of this folder with our names in the place of its {words}."""
    text = (Path(__file__).parent / name).read_text()
    return text.format(
        runtime=RUNTIME,
        roles=quoted(sorted([RUNTIME, *HELPER_ROLES])),
        schemas=quoted([SCHEMA, QUEUE]),
        outsiders=quoted(role for role in OUTSIDERS if role != "PUBLIC"),
        helper_roles="\n".join(f"CREATE ROLE {role} NOLOGIN;" for role in HELPER_ROLES),
        becomes=", ".join(ASSUMED_ROLES),
        settings="\n".join(
            f"ALTER ROLE {RUNTIME} SET {name} = {value if ',' in value else literal(value)};"
            for name, value in RUNTIME_SETTINGS.items()
        ),
        search_path=f"{SCHEMA}, {QUEUE}",
    )


def quoted(words: Iterable[str]) -> str:
    return ", ".join(map(literal, words))


def literal(word: str) -> str:
    return sql.Literal(word).as_string(None)
