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

# What the rows are now, and what the log says of them: for each thing that is told, the two of them
# where they differ. Rows that a test has made by hand are not told.
NOT_TOLD = """
WITH statuses AS (
    SELECT id, 'message' AS about, status::text FROM messaging.messages
    WHERE direction = 'outbound' AND NOT is_history AND status NOT IN ('queued', 'sending')
      AND origin <> 'responder'
    UNION ALL
    SELECT id, 'channel', status FROM messaging.channels
    UNION ALL
    SELECT id, 'template', status FROM messaging.message_templates WHERE status <> ''
), told AS (
    SELECT DISTINCT ON (subject_id) subject_id AS id, data ->> 'status' AS status
    FROM messaging.events
    WHERE type IN ('message.status', 'message.failed', 'channel.status', 'template.status')
    ORDER BY subject_id, number DESC
), once AS (
    SELECT id, 'message.received' AS type FROM messaging.messages
    WHERE direction = 'inbound' AND NOT is_history
      AND origin NOT IN ('standby', 'notice')
    UNION ALL
    SELECT id, 'conversation.opened' FROM messaging.conversations
    WHERE status = 'open' OR last_inbound_at IS NOT NULL
    UNION ALL
    SELECT id, 'contact.created' FROM messaging.contacts
    UNION ALL
    SELECT id, 'contact.merged' FROM messaging.contacts WHERE merged_into_id IS NOT NULL
), of_contacts AS (
    SELECT subject_id AS id, number, type, data -> 'fields' ? 'blocked' AS is_of_blocking,
           type = 'contact.opted_out' OR data -> 'fields' ? 'marketing' AS is_of_marketing
    FROM messaging.events WHERE type IN ('contact.changed', 'contact.opted_out')
), contacts AS (
    SELECT id, blocked_at IS NOT NULL AS is_blocked,
           marketing_opted_out_at IS NOT NULL AS is_opted_out
    FROM messaging.contacts WHERE merged_into_id IS NULL
)
SELECT about, id, statuses.status, told.status
FROM statuses LEFT JOIN told USING (id) WHERE told.status IS DISTINCT FROM statuses.status
UNION ALL
SELECT once.type, once.id, '1', count(event.id)::text
FROM once LEFT JOIN messaging.events event
    ON event.type = once.type
    AND once.id = coalesce((event.data ->> 'merged_contact_id')::uuid, event.subject_id)
GROUP BY once.type, once.id HAVING count(event.id) <> 1
UNION ALL
SELECT 'blocked', id, is_blocked::text, (count(*) FILTER (WHERE is_of_blocking))::text
FROM contacts LEFT JOIN of_contacts USING (id)
GROUP BY id, is_blocked HAVING is_blocked <> (count(*) FILTER (WHERE is_of_blocking) % 2 = 1)
UNION ALL
SELECT 'marketing', contacts.id, is_opted_out::text, last.type
FROM contacts LEFT JOIN LATERAL (
    SELECT type FROM of_contacts
    WHERE of_contacts.id = contacts.id AND is_of_marketing ORDER BY number DESC LIMIT 1
) last ON true
WHERE is_opted_out <> coalesce(last.type = 'contact.opted_out', false)
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


def not_told(superuser: psycopg.Connection) -> list[tuple]:
    """Everything of which the log does not say what it is now: what, its id, what it is, what the
    log says.
    """
    return superuser.execute(NOT_TOLD).fetchall()
