"""Lists of the back-office, walked through as an operator does: by the links below them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from django.test import Client

LINK = re.compile(r'<a href="([^"]*)"( rel="(?:prev|next)")?>([^<]*)</a>')
FIRST, NEWER, OLDER, FURTHER = "First page", "Newer", "Older", "Look further"
NO_PAGE = "The address names no page of this list. This is the first one."


@dataclass(frozen=True)
class Shown:
    """A page of a list: its rows' ids from above to below, and the links by their words. `further`:
    the direction in which the page looked and found too few.
    """

    address: str
    rows: list[str]
    links: dict[str, str]
    further: str
    text: str


def page(client: Client, kind: str, query: str = "", **words: str) -> Shown:
    """Ask for a page: `kind` is "messaging/message"; `query` an address's, with its mark."""
    query = query or f"?{urlencode(words)}"
    answer = client.get(f"/admin/{kind}/{query}")
    assert answer.status_code == 200, answer.status_code
    text = answer.content.decode()
    below = text.partition('<nav class="paginator"')[2].partition("</nav>")[0]
    links, further = {}, ""
    for address, rel, said in LINK.findall(below):
        links[said] = unescape(address)
        if said == FURTHER:
            further = NEWER if "prev" in rel else OLDER
    rows = re.findall(rf"/admin/{kind}/([0-9a-f-]+)/change/", text)
    return Shown(query, list(dict.fromkeys(rows)), links, further, text)


def walk(ask: Callable[[str], Shown], begin: str, way: str) -> Iterator[Shown]:
    """Yield a page and those that its links lead to, in one direction, to the end."""
    shown = ask(begin)
    yield shown
    while address := onward(shown, way):
        shown = ask(address)
        yield shown


def onward(shown: Shown, way: str) -> str:
    return shown.links.get(way) or (shown.links[FURTHER] if shown.further == way else "")


def signed_in() -> Client:
    """Return the client of whoever may do everything."""
    from tenants.models import User
    from tenants.scope import auth_scope

    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_superuser("root", password="correct horse"))
    return client


# Row n of each table has an id that ends in n, so that the newest is the largest.
ID = "('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
PEOPLE = f"""
    WITH numbers AS (SELECT n, {ID} AS id FROM generate_series(%(first)s::int, %(last)s::int) n),
    people AS (
        INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
        SELECT id, %(tenant)s, 'Person ' || n, now() FROM numbers
    ), numbered AS (
        INSERT INTO messaging.contact_identities (id, tenant_id, contact_id, kind, value)
        SELECT id, %(tenant)s, id, 'wa_id', (46700000000 + n)::text FROM numbers
    ), threads AS (
        INSERT INTO messaging.conversations
            (id, tenant_id, channel_id, contact_id, group_external_id, status, last_seq,
             last_message_at, created_at)
        SELECT id, %(tenant)s, %(channel)s, id, '', 'open', 1,
               timestamptz '2026-11-01 12:00Z' + n * interval '1 minute', now()
        FROM numbers
    )
    INSERT INTO messaging.messages
        (id, tenant_id, channel_id, conversation_id, direction, kind, text, status, external_id,
         recipient, seq, attempts, error_code, error, created_at)
    SELECT id, %(tenant)s, %(channel)s, id, 'inbound', 'text', 'Hello ' || n, 'received',
           'wamid.' || n, '', 1, 0, '', '',
           timestamptz '2026-11-01 12:00Z' + n * interval '1 minute'
    FROM numbers
"""


def people(db_rows: psycopg.Connection, channel: Any, first: int, last: int) -> None:
    """Add people with these numbers to a channel, each with a conversation and a message."""
    values = {
        "tenant": channel.tenant_id,
        "channel": channel.id,
        "first": first,
        "last": last,
    }
    db_rows.execute("BEGIN; SET CONSTRAINTS ALL DEFERRED")
    db_rows.execute(PEOPLE, values)
    db_rows.execute("COMMIT")


def id_of(number: int) -> str:
    return str(UUID(f"018f0000-0000-7000-8000-{number:012x}"))


def numbers(ids: list[str]) -> list[int]:
    """Return the numbers of rows by their ids."""
    return [int(id[-12:], 16) for id in ids]
