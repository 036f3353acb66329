"""Filters and searches of lists, alone and together: exactly the rows that they mean."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.models import Channel
from messaging import sql
from messaging.monitoring.problems import KINDS, OF_PLATFORM
from tenants.scope import operator_scope
from tests.support.cast import ACME_NUMBER
from tests.support.lists import id_of, numbers, page

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def cast(people, db_rows):
    """Acme's people are 1 to 4, Globex's 11 and 12. 2 got no answer, 3 and 11 wait for a hand, 2, 4
    and 12 for a person, 3 has one.
    """
    people(1, 4)
    people(11, 12, globex=True)
    db_rows.execute("SET search_path = messaging")
    for statement, those in (
        ("UPDATE messages SET unanswered = 'limit' WHERE id = ANY(%s::uuid[])", [2]),
        (
            "UPDATE messages SET direction = 'outbound', status = 'failed', recipient = '4670'"
            " WHERE id = ANY(%s::uuid[])",
            [3, 11],
        ),
        ("UPDATE messages SET sent_twice_at = now() WHERE id = ANY(%s::uuid[])", [3]),
        ("UPDATE conversations SET status = 'closed' WHERE id = ANY(%s::uuid[])", [1, 12]),
        (
            "UPDATE conversations SET window_closes_at = now() + interval '1 hour'"
            " WHERE id = ANY(%s::uuid[])",
            [1, 2, 11],
        ),
        (
            "UPDATE conversations SET waiting_because = 'failed', waiting_since = now(),"
            " replies_paused_until = now() + interval '1 hour' WHERE id = ANY(%s::uuid[])",
            [2, 12],
        ),
        (
            "UPDATE conversations SET waiting_because = 'order', waiting_since = now(),"
            " replies_paused_until = now() + interval '1 hour' WHERE id = ANY(%s::uuid[])",
            [4],
        ),
        (
            "UPDATE conversations SET replies_paused_until = now() + interval '1 hour'"
            " WHERE id = ANY(%s::uuid[])",
            [3],
        ),
        ("UPDATE contacts SET blocked_at = now() WHERE id = ANY(%s::uuid[])", [4, 12]),
    ):
        db_rows.execute(statement, [[id_of(n) for n in those]])
    db_rows.execute("RESET search_path")


FOUND = {
    ("message", "?tenant=acme"): [4, 3, 2, 1],
    ("message", "?tenant=nobody"): [],
    ("message", "?unanswered=yes"): [2],
    ("message", "?unanswered=limit&tenant=globex"): [],
    ("message", "?attention=yes"): [11, 3],
    ("message", "?attention=yes&tenant=acme"): [3],
    ("message", "?attention=twice"): [3],
    ("message", "?attention=twice&tenant=globex"): [],
    ("message", "?status__exact=failed"): [11, 3],
    ("message", "?status__exact=failed&tenant=globex"): [11],
    ("message", "?status__exact=failed&attention=twice"): [3],
    ("message", "?status__exact=received&direction__exact=inbound&tenant=acme"): [4, 2, 1],
    ("message", "?q=acme"): [4, 3, 2, 1],
    ("message", "?q=acme+hello+2"): [2],
    ("message", "?q=globex+hello+2"): [],
    ("message", "?q=HELLO+12&tenant=globex"): [12],
    ("message", "?q=wamid.12"): [12],
    ("message", "?q=acme+wamid.12"): [],
    ("message", "?q=acme&attention=yes"): [3],
    ("message", "?q=%2B46+(700)+000002"): [2],
    ("message", "?q=Person+12"): [12],
    ("conversation", "?status__exact=closed"): [12, 1],
    ("conversation", "?status__exact=closed&tenant=acme"): [1],
    ("conversation", "?window=open"): [11, 2, 1],
    ("conversation", "?window=soon&tenant=acme"): [2, 1],
    ("conversation", "?window=never&tenant=globex"): [12],
    ("conversation", "?window=open&status__exact=closed"): [1],
    ("conversation", "?waiting=yes"): [12, 4, 2],
    ("conversation", "?waiting=failed"): [12, 2],
    ("conversation", "?waiting=order&tenant=globex"): [],
    ("conversation", "?q=erson+1&tenant=globex"): [12, 11],
    ("contact", "?standing=blocked"): [12, 4],
    ("contact", "?standing=blocked&tenant=acme"): [4],
    ("contact", "?standing=joined"): [],
    ("contact", "?q=acme+person+4"): [4],
    ("contact", "?q=700+000+012"): [12],
}


@pytest.mark.parametrize(("kind", "query"), FOUND)
def test_filters_and_words_mean_exactly_these_rows(cast, root, kind, query):
    assert numbers(page(root, f"messaging/{kind}", query).rows) == FOUND[kind, query]


@pytest.mark.parametrize("kind", ["message", "conversation"])
def test_a_channel_means_its_rows_with_or_without_its_tenant(cast, root, kind):
    with operator_scope():
        channel = Channel.objects.get(external_id=ACME_NUMBER).id
    shown = [
        numbers(page(root, f"messaging/{kind}", query).rows)
        for query in (f"?channel={channel}", f"?channel={channel}&tenant=acme")
    ]
    other = page(root, f"messaging/{kind}", f"?channel={channel}&tenant=globex")

    assert (shown, other.rows) == ([[4, 3, 2, 1]] * 2, [])


def test_the_newest_messages_of_each_conversation_are_found_no_more_than_asked_for(cast, db_rows):
    db_rows.execute(
        "INSERT INTO messaging.messages (id, tenant_id, channel_id, conversation_id, direction,"
        " kind, text, status, external_id,"
        " recipient, seq, attempts, error_code, error, created_at)"
        " SELECT ('018f0000-0000-7000-8000-' || lpad(to_hex(100 + n), 12, '0'))::uuid, tenant_id,"
        " channel_id, id, 'inbound', 'text', 'more', 'received', 'more ' || n, '', 1 + n, 0,"
        " '', '', now()"
        " FROM messaging.conversations, generate_series(1, 3) n WHERE id = %s",
        [id_of(1)],
    )
    tenants = dict(db_rows.execute("SELECT id::text, tenant_id FROM messaging.conversations"))
    wanted = [id_of(1), id_of(2)]
    with operator_scope():
        rows = sql.run(
            "messages/newest_of_conversations",
            tenant_ids=[tenants[id] for id in wanted],
            conversation_ids=wanted,
            at_most=2,
        )

    found = sorted(tuple(numbers([str(r["conversation_id"]), str(r["id"])])) for r in rows)
    assert found == [(1, 102), (1, 103), (2, 2)]


def test_alerts_are_filtered_by_any_kind_there_can_be_without_a_look_at_the_table(root, db_rows):
    insert = """
        INSERT INTO messaging.alerts (id, kind, whose, said, step, began_at, seen_at, is_owners)
        VALUES (%s, %s, '', 'It fails.', 'Mend it.', now(), now(), false)"""
    for number, kind in enumerate(("tasks_failed", "worker", "files_waiting"), 1):
        db_rows.execute(insert, [id_of(number), kind])
    with CaptureQueriesContext(connection) as asked:
        found = page(root, "messaging/alert", "?kind=worker")

    offered = re.findall(r'[?&]kind=(\w+)"', unescape(found.text))
    assert (numbers(found.rows), set(offered)) == ([2], {*OF_PLATFORM, *KINDS})
    assert [query["sql"] for query in asked if "DISTINCT" in query["sql"]] == []
