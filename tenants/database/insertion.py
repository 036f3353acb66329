"""Insert many rows with one statement, whose text does not depend on how many they are: their
values travel as one JSON document. Python spends a quarter of `bulk_create`'s time on each.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from psycopg import sql

from tenants.scope import current_scope

Row = TypeVar("Row", bound=models.Model)


def insert(rows: Iterable[Row], **expressions: str) -> None:
    """Insert rows of one model, in this order. `expressions`: what the database computes, the SQL
    of a value by its column, never made from input. Raises DatabaseError, and TypeError for a value
    that JSON cannot carry.
    """
    if given := list(rows):
        run(statement(type(given[0]), **expressions), given)


def insert_new(rows: Iterable[Row]) -> None:
    """Insert those rows of one model that break no unique constraint."""
    if given := list(rows):
        run(statement(type(given[0])) + " ON CONFLICT DO NOTHING", given)


def run(text: str, rows: Sequence[Row]) -> None:
    current_scope()  # refuses outside a scope, as every manager does
    fields = stored_fields(type(rows[0]))
    columns = [field.column for field in fields]
    values_of = attrgetter(*(field.attname for field in fields))
    document = [dict(zip(columns, values_of(row), strict=True)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(text, [json.dumps(document, default=text_of)])
    for row in rows:
        row._state.adding = False


@cache
def statement(model: type[models.Model], **expressions: str) -> str:
    types = {
        field.column: field.db_type(connection)
        for field in stored_fields(model)
        if field.column not in expressions
    }
    given = [sql.SQL(f"{{}} {kind}").format(sql.Identifier(name)) for name, kind in types.items()]
    columns, computed = map(sql.Identifier, types), map(sql.SQL, expressions.values())
    return (
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM json_to_recordset(%s::json) AS given({})")
        .format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, [*types, *expressions])),
            sql.SQL(", ").join([*columns, *computed]),
            sql.SQL(", ").join(given),
        )
        .as_string()
    )


@cache
def stored_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def text_of(value: Any) -> str:
    """Return a value that JSON has no type for as PostgreSQL reads it."""
    if isinstance(value, UUID | datetime):
        return str(value)
    raise TypeError(f"A {type(value).__name__} cannot be inserted as JSON.")
