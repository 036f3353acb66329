"""The event log, as tests write it and look at it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from channels_app import event_log
from channels_app.event_log import EventType, LoggedEvent
from tenants.models import Tenant
from tenants.scope import operator_scope, router_scope
from tests.support import database

LOGGED = """
    SELECT type::text, subject_id, stream_id, data FROM messaging.events
    WHERE tenant_id = %s ORDER BY number
"""
BEGIN = """
    SELECT set_config('role', 'msg_router', true), set_config('search_path', 'messaging', true)
"""
INSERT = """
    INSERT INTO events (id, tenant_id, type, subject_id, stream_id, data, occurred_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def event(tenant: Tenant, stream_id: UUID | None = None, **data: Any) -> LoggedEvent:
    """An event of a message of the tenant, not stored yet."""
    return LoggedEvent(
        tenant_id=tenant.id,
        type=EventType.MESSAGE_STATUS,
        subject_id=uuid4(),
        stream_id=stream_id or uuid4(),
        data=data,
    )


def append(*events: LoggedEvent) -> None:
    """In a transaction of their own."""
    with router_scope():
        event_log.append(events)


@contextmanager
def held_open(database_name: str, *events: LoggedEvent) -> Iterator[psycopg.Connection]:
    """A transaction of another process that has appended the events; it ends when the test says
    so.
    """
    with psycopg.connect(database.runtime_url(database_name)) as other:
        other.execute(BEGIN)
        for each in events:
            columns = (each.id, each.tenant_id, each.type, each.subject_id, each.stream_id)
            other.execute(INSERT, [*columns, Jsonb(each.data), each.occurred_at])
        yield other
        other.rollback()


def read_on(position: int = 0, at_most: int = 10_000) -> list[LoggedEvent]:
    """What a reader of all tenants finds after a position."""
    with operator_scope():
        return event_log.read_after(position, None, at_most)


def names_of(events: Iterable[LoggedEvent]) -> list[str]:
    """What each is called by its test."""
    return [each.data["name"] for each in events]


def logged(superuser: psycopg.Connection, tenant: Tenant) -> list[tuple[str, UUID, UUID, dict]]:
    """(type, subject, stream, data) of the tenant's events, in the order of their numbers."""
    return superuser.execute(LOGGED, [tenant.id]).fetchall()
