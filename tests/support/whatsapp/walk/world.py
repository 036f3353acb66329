"""All that the pipeline has written down, read past row level security; and what the webhooks'
bytes say, read without its parser.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

POISON = "poison"  # the text of a message that the database refuses

MESSAGES = """
SELECT m.id, m.channel_id, c.external_id AS number, t.slug, m.conversation_id, m.seq,
    m.direction, m.status, m.text,
       m.external_id, m.in_reply_to_id, m.attempts, m.lease, m.due_at IS NOT NULL AS is_due,
       m.sent_twice_at IS NOT NULL AS is_double
FROM messaging.messages m JOIN messaging.channels c ON c.id = m.channel_id
    JOIN messaging.tenants t ON t.id = m.tenant_id
"""
STATUSES = """
SELECT c.external_id AS number, s.external_id AS wamid, s.status AS word, s.message_id
FROM messaging.message_statuses s JOIN messaging.channels c ON c.id = s.channel_id
"""
DELIVERIES = """
SELECT d.body, d.processed_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM messaging.dead_letters l WHERE l.delivery_id = d.id
        AND l.position = -1) AS is_recorded
FROM messaging.webhook_deliveries d
"""
STRANGERS = """
SELECT m.id FROM messaging.messages m JOIN messaging.channels c ON c.id = m.channel_id
    WHERE c.tenant_id <> m.tenant_id
UNION ALL
SELECT s.id FROM messaging.message_statuses s JOIN messaging.channels c
    ON c.id = s.channel_id WHERE c.tenant_id <> s.tenant_id
UNION ALL
SELECT s.id FROM messaging.message_statuses s JOIN messaging.messages m ON m.id = s.message_id
WHERE (m.tenant_id, m.channel_id) <> (s.tenant_id, s.channel_id)
UNION ALL
SELECT a.id FROM messaging.message_attempts a JOIN messaging.messages m
    ON m.id = a.message_id WHERE a.tenant_id <> m.tenant_id
UNION ALL
SELECT v.id FROM messaging.conversations v JOIN messaging.contacts c ON c.id = v.contact_id
    JOIN messaging.channels h
    ON h.id = v.channel_id WHERE v.tenant_id <> ALL(ARRAY[c.tenant_id])
        OR v.tenant_id <> h.tenant_id
"""


class Word(NamedTuple):
    """A status as Meta reported it: at which number, of which wamid, and whether our reference came
    with it.
    """

    number: str
    wamid: str
    word: str
    is_referenced: bool


@dataclass(frozen=True)
class World:
    """`recorded`: what was told in deliveries that are done with; `told`: in any."""

    messages: dict[UUID, Any]
    statuses: list[Any]
    attempts: dict[tuple[UUID, int], Any]
    orders: Counter[UUID]
    recorded: tuple[set[tuple[str, str]], set[Word]]
    told: tuple[set[tuple[str, str]], set[Word]]
    strangers: list[Any]

    def replies(self) -> list[Any]:
        return [row for row in self.messages.values() if row.direction == "outbound"]

    def waiting_before(self, row: Any) -> list[str]:
        return [
            each.status
            for each in self.messages.values()
            if each.conversation_id == row.conversation_id
            and each.seq < row.seq
            and each.status in ("queued", "sending", "held")
        ]


def look(connection: psycopg.Connection) -> World:
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        messages = {row.id: row for row in cursor.execute(MESSAGES).fetchall()}
        statuses = cursor.execute(STATUSES).fetchall()
        attempts = cursor.execute(
            "SELECT message_id, number, outcome, external_id FROM messaging.message_attempts"
        ).fetchall()
        orders = Counter(
            row.message_id
            for row in cursor.execute("SELECT message_id FROM messaging.message_resends")
        )
        deliveries = cursor.execute(DELIVERIES).fetchall()
        strangers = cursor.execute(STRANGERS).fetchall()
    return World(
        messages=messages,
        statuses=statuses,
        attempts={(row.message_id, row.number): row for row in attempts},
        orders=orders,
        recorded=content(row.body for row in deliveries if row.is_recorded),
        told=content(row.body for row in deliveries),
        strangers=strangers,
    )


def content(webhooks: Iterator[bytes]) -> tuple[set[tuple[str, str]], set[Word]]:
    """The (number, wamid) of each message that can be recorded, and the statuses."""
    messages, words = set(), set()
    for value in (
        change["value"]
        for body in webhooks
        for each in json.loads(bytes(body))["entry"]
        for change in each["changes"]
    ):
        number = value["metadata"]["phone_number_id"]
        for item in value.get("messages", []):
            if "from" in item and item["text"]["body"] != POISON:
                messages.add((number, item["id"]))
        for item in value.get("statuses", []):
            words.add(Word(number, item["id"], item["status"], "biz_opaque_callback_data" in item))
    return messages, words
