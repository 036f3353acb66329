"""Databases and roles of a test's own: names, addresses, and the real command that prepares."""

from collections.abc import Callable
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.support import database
from tests.support.processes import manage

Names = Callable[[str], str]


def prepare(name: str, **changes: str | None):
    return manage(
        name, "prepare_database", **{"DATABASE_OWNER_URL": database.owner_url(name), **changes}
    )


def url_of(role: str, name: str, password: str = "test") -> str:
    return database.superuser_url(name).replace("postgres@", f"{role}:{quote(password, safe='')}@")


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
