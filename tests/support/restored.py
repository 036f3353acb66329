"""Other databases of the tests' server: what is in them, and this process as one of theirs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from tests.support import database


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let this process be one of another database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def rows_of_all(name: str) -> dict[str, list[Any]]:
    """Every row of every table of the database."""
    with psycopg.connect(database.superuser_url(name)) as looked_at:
        tables = looked_at.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('messaging', 'jobs')"
        ).fetchall()
        return {
            ".".join(table): sorted(
                row
                for (row,) in looked_at.execute(
                    sql.SQL("SELECT each::text FROM {} each").format(sql.Identifier(*table))
                )
            )
            for table in tables
        }


def databases() -> set[str]:
    with psycopg.connect(os.environ["TEST_SERVER"]) as looked_at:
        return {name for (name,) in looked_at.execute("SELECT datname FROM pg_database")}
