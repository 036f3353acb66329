"""SQL as the application itself could send it, past every model and manager."""

import json
from typing import Any

import psycopg
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tenants.models import Tenant, TenantModel

TENANT_MODELS = sorted(
    (model for model in apps.get_models() if issubclass(model, TenantModel)),
    key=lambda model: model._meta.db_table,
)
TENANT_TABLES = [model._meta.db_table for model in TENANT_MODELS]

Snapshot = dict[str, list[dict[str, Any]]]


def rows(statement: str, *parameters: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def changed(statement: str, *parameters: Any) -> int:
    """How many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def refusal(statement: str, *parameters: Any) -> str | None:
    """The SQLSTATE that PostgreSQL refuses the statement with; None: it was carried out."""
    try:
        with transaction.atomic():
            changed(statement, *parameters)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return None


def insertion(model: type[models.Model], row: dict[str, Any]) -> str | None:
    """`refusal` of an INSERT of this row."""
    table = model._meta.db_table
    columns = ", ".join(
        f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated
    )
    statement = (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM"
        f" jsonb_populate_record(NULL::{table}, %s::jsonb)"
    )
    return refusal(statement, json.dumps(row))


def snapshot(superuser: psycopg.Connection, tenant: Tenant) -> Snapshot:
    """Everything a tenant has, as nobody but a superuser sees it."""
    query = "SELECT to_jsonb(t) FROM messaging.{} t WHERE tenant_id = %s ORDER BY id"
    return {
        table: [row for (row,) in superuser.execute(query.format(table), [tenant.id])]
        for table in TENANT_TABLES
    }


def counts(rows_of: Snapshot) -> dict[str, int]:
    return {table: len(found) for table, found in rows_of.items()}
