"""Run statements as the database's owner, with quoted names."""

from django.db import connection
from psycopg import sql


def ddl(statement: str, *names: str | sql.Composable) -> None:
    """Run a statement with quoted identifiers in its {}; PUBLIC stays a word."""
    parts = [
        (
            sql.SQL("PUBLIC")
            if name == "PUBLIC"
            else sql.Identifier(name)
            if isinstance(name, str)
            else name
        )
        for name in names
    ]
    execute(sql.SQL(statement).format(*parts))


def execute(statement: str | sql.Composable, parameters: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows(query: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
