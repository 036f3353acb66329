"""Words of a test's choice in every column that takes words, whoever may have written them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.models import Tenant
from tests.support import database

OURS = ("tenants", "channels", "messaging", "whatsapp", "axes", "admin", "auth")
SHORTEST = 24  # columns that are shorter hold codes
# What these hold decides what a row is, where it is found, or is a secret.
KEPT = {
    *("kind", "type", "provider", "status_before", "outcome", "api_version", "content_type"),
    *("slug", "url", "return_url", "fingerprint", "nonce", "code", "prefix", "route_hint"),
    *("credentials", "password", "codename", "app_label", "model", "file", "object_id", "key"),
}
KEPT_IN_JSON = {
    "type",
    "format",
    "at",
    "status",
    "timestamp",
    "id",
    "sub_type",
    "messaging_product",
}

PARTS = [
    {"type": "HEADER", "format": "TEXT", "text": "Hello"},
    {"type": "BODY", "text": "Hello {{1}}"},
    {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Look", "url": "https://x.example"}]},
]
STEPS = {"token": {"said": "It is refused.", "failed": True, "at": "2026-01-01T00:00:00+00:00"}}
HEALTH = {"check": {"value": "Something is wrong.", "at": "2026-01-01T00:00:00+00:00"}}

Word = Callable[[str], str]  # of a place: "table.column", or "table.column.name" within JSON


def write_everywhere(
    superuser: psycopg.Connection, word: Word, *, of: Tenant | None = None
) -> set[str]:
    """Write a word into each column that takes one: of a tenant's rows, or of all but superusers'.
    Returns the places, "table.column", that took it.

    Each row's is its own; a column that a constraint keeps for known words stays as it is.
    """
    superuser.execute("SET session_replication_role = replica")  # no trigger says no
    written = {
        place
        for model in apps.get_models()
        if model._meta.app_label in OURS and model._meta.db_table not in database.KEPT_TABLES
        if (whose := condition(model, of)) is not None
        for place in written_into(superuser, model, whose, word)
    }
    superuser.execute("RESET session_replication_role")
    return written


def condition(model: type[models.Model], tenant: Tenant | None) -> sql.Composed | sql.SQL | None:
    """Which rows of the model are the tenant's; None: it has none of a tenant's."""
    if model._meta.db_table == "users":
        theirs = sql.SQL("id IN (SELECT user_id FROM messaging.memberships WHERE tenant_id = {})")
        return theirs.format(tenant.id) if tenant else sql.SQL("NOT is_superuser")
    if tenant is None:
        return sql.SQL("true")
    names = {field.column for field in model._meta.concrete_fields}
    column = "id" if isinstance(tenant, model) else "tenant_id"
    return sql.SQL("{} = {}").format(sql.Identifier(column), tenant.id) if column in names else None


def written_into(
    superuser: psycopg.Connection, model: type[models.Model], whose: Any, word: Word
) -> Iterator[str]:
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        place = f"{table}.{field.column}"
        if field.primary_key or field.choices or field.column in KEPT or field.is_relation:
            continue
        try:
            with superuser.transaction():
                if isinstance(field, models.JSONField):
                    took = reword(superuser, table, field.column, whose, word)
                elif isinstance(field, (models.CharField, models.TextField)):
                    took = write(superuser, table, field, whose, word(place))
                else:
                    continue
        except psycopg.errors.IntegrityError:
            continue
        if took:
            yield place


def write(
    superuser: psycopg.Connection, table: str, field: models.Field, whose: Any, word: str
) -> int:
    """How many rows took it."""
    room = field.max_length or 10_000
    if room < SHORTEST:
        return 0
    statement = sql.SQL("UPDATE {} SET {} = {} || left(md5(ctid::text), 6) WHERE {}").format(
        sql.Identifier("messaging", table),
        sql.Identifier(field.column),
        f"{word[: room - 7]} ",
        whose,
    )
    return superuser.execute(statement).rowcount


def reword(superuser: psycopg.Connection, table: str, column: str, whose: Any, word: Word) -> int:
    """How many rows had a text somewhere in their JSON."""
    name, place = sql.Identifier(column), sql.Identifier("messaging", table)
    query = sql.SQL("SELECT ctid, {} FROM {} WHERE {}").format(name, place, whose)
    change = sql.SQL("UPDATE {} SET {} = %s WHERE ctid = %s").format(place, name)
    changed = 0
    for ctid, value in superuser.execute(query).fetchall():
        if (said := reworded(value, word, f"{table}.{column}")) != value:
            superuser.execute(change, [Jsonb(said), ctid])
            changed += 1
    return changed


def reworded(value: Any, word: Word, place: str) -> Any:
    """JSON with a word for each of its texts that is neither an id, nor a time, nor decides what is
    shown.
    """
    match value:
        case dict():
            return {
                name: inner if name in KEPT_IN_JSON else reworded(inner, word, f"{place}.{name}")
                for name, inner in value.items()
            }
        case list():
            return [reworded(inner, word, place) for inner in value]
        case str() if not is_id_or_time(value):
            return word(place)
    return value


def is_id_or_time(text: str) -> bool:
    for read in (UUID, datetime.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return not text


def give_words(superuser: psycopg.Connection) -> None:
    """Every message template has a header, a body and a button; every attempt to connect a business
    has a step that says something, and every channel a check.
    """
    superuser.execute("UPDATE messaging.channels SET health = %s", [Jsonb(HEALTH)])
    superuser.execute("UPDATE messaging.message_templates SET components = %s", [Jsonb(PARTS)])
    superuser.execute("UPDATE messaging.whatsapp_signups SET steps = %s", [Jsonb(STEPS)])
