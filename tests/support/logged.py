"""The event log, as tests write it and look at it."""

from typing import Any
from uuid import UUID, uuid4

import psycopg

from channels_app.event_log import EventType, LoggedEvent
from tenants.models import Tenant

LOGGED = """
    SELECT type::text, subject_id, stream_id, data FROM messaging.events
    WHERE tenant_id = %s ORDER BY number
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


def logged(superuser: psycopg.Connection, tenant: Tenant) -> list[tuple[str, UUID, UUID, dict]]:
    """(type, subject, stream, data) of the tenant's events, in the order of their numbers."""
    return superuser.execute(LOGGED, [tenant.id]).fetchall()


def named(events: list[LoggedEvent]) -> list[str]:
    """What each is called by its test."""
    return [each.data["name"] for each in events]
