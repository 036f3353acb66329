"""Each list reads a page's rows by an index, however many rows its tenant has."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.scope import tenant_scope
from tests.support.api import new_key

pytestmark = pytest.mark.whatsapp

FILL = """
WITH people AS (
    INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
    SELECT gen_random_uuid(), %(tenant)s, 'Person ' || n, now() FROM generate_series(1, 20000) n
    RETURNING id
), ids AS (
    INSERT INTO messaging.contact_identities (id, tenant_id, contact_id, kind, value)
    SELECT gen_random_uuid(), %(tenant)s, id, 'wa_id', left(md5(id::text), 12) FROM people
), threads AS (
    INSERT INTO messaging.conversations
        (id, tenant_id, channel_id, contact_id, group_external_id, status, last_seq,
         last_message_at, created_at)
    SELECT gen_random_uuid(), %(tenant)s, %(channel)s, id, '', 'open', 2,
           now() - random() * interval '1 year', now() FROM people
    RETURNING id
)
INSERT INTO messaging.messages
    (id, tenant_id, channel_id, conversation_id, direction, kind, text, status, external_id, seq,
     recipient, attempts, error_code, error, created_at)
SELECT gen_random_uuid(), %(tenant)s, %(channel)s, threads.id, 'inbound', 'text', 'Hello',
       'received', threads.id || '-' || n, n, '', 0, '', '', now()
FROM threads, generate_series(1, 2) n
"""
EVENTS = """
INSERT INTO messaging.events
    (id, tenant_id, type, subject_id, stream_id, data, occurred_at, position)
SELECT gen_random_uuid(), %(tenant)s, 'message.received', id, id, '{}', now(), row_number() OVER ()
FROM messaging.messages
"""
LISTS = [
    "contacts",
    "conversations",
    "conversations?order=activity",
    "conversations?status=closed",
    "conversations?status=closed&order=activity",
    "messages",
    "messages?needs_attention=true",
    "messages?conversation={conversation}",
    "messages?external_id={conversation}-2",
    "contacts?address={address}",
    "conversations?contact={contact}",
    "templates",
    "channels",
    "webhook-endpoints",
    "events",
    "events?type=contact.opted_out",
]
READ_AT_MOST = 1000  # rows of one statement, of 20,000 contacts and 40,000 messages


@pytest.fixture
def full(acme, acme_whatsapp, db_rows) -> dict[str, str]:
    db_rows.execute(FILL, {"tenant": acme.id, "channel": acme_whatsapp.id})
    db_rows.execute(EVENTS, {"tenant": acme.id})
    db_rows.execute("ANALYZE")
    query = """SELECT c.id::text, c.contact_id::text, i.value FROM messaging.conversations c
        JOIN messaging.contact_identities i USING (contact_id) ORDER BY c.id LIMIT 1 OFFSET 10000"""
    names = ("conversation", "contact", "address")
    return dict(zip(names, db_rows.execute(query).fetchone(), strict=True))


def rows_read(node: dict) -> int:
    """The rows that a plan's scans looked at, those that a filter dropped among them."""
    own = 0
    if "Scan" in node["Node Type"]:
        dropped = node.get("Rows Removed by Filter", 0) + node.get(
            "Rows Removed by Index Recheck", 0
        )
        own = (node["Actual Rows"] + dropped) * node["Actual Loops"]
    return int(own) + sum(rows_read(each) for each in node.get("Plans", []))


def test_a_list_reads_little_more_than_its_page(full, acme):
    headers = {"Authorization": f"Bearer {new_key(acme)}"}
    read = {}
    for path in LISTS:
        address = f"/api/v1/{path.format(**full)}"
        for page in [address, *next_pages(address, headers)]:
            with CaptureQueriesContext(connection) as asked:
                assert Client().get(page, headers=headers).status_code == 200, page
            read[page] = max(rows_read(plan) for plan in plans_of(asked, acme))

    assert len(read) > len(LISTS)
    assert {page: rows for page, rows in read.items() if rows > READ_AT_MOST} == {}


def plans_of(asked, acme) -> list[dict]:
    """The plans of what was read, run again."""
    reading = (each["sql"] for each in asked if each["sql"].startswith("SELECT"))
    plans = []
    with tenant_scope(acme.id), connection.cursor() as cursor:
        for statement in (each for each in reading if ' FROM "' in each):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            ((plan,),) = cursor.fetchone()
            plans.append(plan["Plan"])
    return plans


def next_pages(address: str, headers: dict) -> list[str]:
    """The page after the first one, if there is one."""
    link = Client().get(address, headers=headers).headers.get("Link", "")
    return [link.partition(">")[0].partition("127.0.0.1:8000")[2]] if link else []
