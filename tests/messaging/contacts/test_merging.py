"""Two contacts that become one: what was known of both counts at once, and both are found by their
tenant.
"""

import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.contacts import decisions
from messaging.conversations import read_receipts, state
from messaging.conversations.thread import thread
from messaging.models import Contact, Conversation, Message
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GRACE, thread_of
from tests.support.whatsapp import bodies

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

BSUID = "SE.1001"
BY_ANOTHER_ROW = re.compile(
    r'"(messages|conversations|contact_identities|contact_changes)"\."(conversation|contact)_id"'
    r" (=|IN)"
)


@pytest.fixture
def two_contacts(quiet: None, acme_whatsapp: Any, write: Any, work: Any, graph: Any) -> None:
    """Ada, who wrote by phone and then by user id; nobody knows yet that she is one person."""
    write("by phone")
    work()
    write("by user id", sender=BSUID)
    work()


@pytest.fixture
def wishes(deliver):
    def wishes(word: str, seconds: int) -> None:
        wish = {
            "user_id": BSUID,
            "category": "marketing_messages",
            "value": word,
            "timestamp": int(time.time()) + seconds,
        }
        value = {**bodies.value(ACME_NUMBER), "user_preferences": [wish]}
        deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "user_preferences", value)))

    return wishes


def test_marketing_that_is_resumed_right_after_the_merge_is_resumed(
    two_contacts, wishes, write, work
):
    wishes("stop", -100)
    work()
    write("by both", from_user_id=BSUID)
    wishes("resume", 0)  # in the same batch
    work()

    with operator_scope():
        assert list(
            Contact.objects.filter(merged_into=None).values_list(
                "marketing_opted_out_at", flat=True
            )
        ) == [None]


def test_a_refusal_of_marketing_and_a_block_hold_for_both_whoever_joins_them(
    acme, two_contacts, wishes, write, work, db_rows
):
    wishes("stop", 0)
    work()
    with operator_scope():
        decisions.block(Contact.objects.filter(identities__value=BSUID), by="an operator")
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = 'Thank you.'")
    write("by both", from_user_id=BSUID)
    work()

    with operator_scope():
        ada = Contact.objects.get(merged_into=None)
    assert (ada.marketing_opted_out_at is None, ada.blocked_at is None) == (False, False)
    assert [text for _, text, _ in thread_of(acme)] == ["by phone", "by user id", "by both"]


AHEAD, OVER = "now() + interval '1 hour'", "now() - interval '1 hour'"
WAITS = "waiting_because = 'order', waiting_note = '{}', waiting_since = now()"


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ((WAITS, AHEAD), (WAITS, AHEAD), "first"),
        ((WAITS, AHEAD), (WAITS, OVER), "first"),
        ((WAITS, OVER), (WAITS, AHEAD), "second"),
        ((WAITS, AHEAD), ("waiting_note = ''", AHEAD), "first"),
        ((WAITS, OVER), ("waiting_note = ''", AHEAD), ""),
        (("waiting_note = ''", AHEAD), (WAITS, OVER), ""),
        ((WAITS, OVER), (WAITS, OVER), ""),
    ],
)
def test_the_one_conversation_waits_for_a_person_as_long_as_one_of_the_two_did(
    two_contacts, write, work, db_rows, first, second, left
):
    """And the other one, which is an alias from then on, waits for nobody."""
    with operator_scope():
        ids = list(Conversation.objects.order_by("id").values_list("id", flat=True))
    for id, (waits, until), note in zip(ids, (first, second), ("first", "second"), strict=True):
        db_rows.execute(
            f"UPDATE messaging.conversations SET {waits.format(note)},"
            f" replies_paused_until = {until} WHERE id = %s",
            [id],
        )
    write("by both", from_user_id=BSUID)
    work()

    with operator_scope():
        rows = Conversation.objects.order_by("merged_into")
        told = [(row.merged_into_id is None, row.waiting_note) for row in rows]
        waiting = Conversation.objects.exclude(waiting_since=None).count()
        alias = Conversation.objects.get(merged_into__isnull=False)
    assert (sorted(told), waiting) == ([(False, ""), (True, left)], 1 if left else 0)
    assert alias.replies_paused_until is None


@pytest.mark.parametrize("lapsed", [0, 1])
def test_a_wait_that_is_over_does_not_begin_again_with_what_people_have_in_the_other_conversation(
    acme, two_contacts, write, work, db_rows, lapsed
):
    with operator_scope():
        ids = list(Conversation.objects.order_by("id").values_list("id", flat=True))
    with tenant_scope(acme.id):
        state.hand_over(ids[lapsed])
        state.take(ids[1 - lapsed])
    db_rows.execute(
        "UPDATE messaging.conversations SET replies_paused_until = now() WHERE id = %s",
        [ids[lapsed]],
    )
    write("by both", from_user_id=BSUID)
    work()

    with operator_scope():
        left = Conversation.objects.get(merged_into=None)
    assert left.answering_at(timezone.now()) == "person"


def test_what_two_histories_wrote_at_the_same_place_is_kept(two_contacts, write, work, db_rows):
    db_rows.execute("UPDATE messaging.messages SET seq = -1, is_history = true")
    write("by both", from_user_id=BSUID)
    work()

    with operator_scope():
        assert Conversation.objects.filter(merged_into=None).count() == 1
        assert sorted(Message.objects.values_list("text", "seq"))[:2] != [
            ("by both", -1),
            ("by phone", -1),
        ]
        assert sorted(Message.objects.values_list("text", flat=True)) == [
            "by both",
            "by phone",
            "by user id",
        ]


def test_rows_of_a_contact_or_a_conversation_are_asked_for_by_their_tenant_too(
    two_contacts, write, say, work, graph
):
    """Their indexes begin with it: without it PostgreSQL before 18 reads a whole index, and
    everybody waits.
    """
    with operator_scope():
        conversation = Conversation.objects.earliest("id")
    write("I am Ada, too", sender=GRACE)
    work()
    graph.script.append({"wa_id": GRACE})
    say("Hi", conversation.id)
    write("by both", from_user_id=BSUID)
    with CaptureQueriesContext(connection) as asked:
        work()
        with operator_scope():
            thread(conversation, 50)
            read_receipts.to_be_read(conversation.id)

    found = [each["sql"] for each in asked if BY_ANOTHER_ROW.search(each["sql"])]
    assert len(found) > 5
    assert [
        sql
        for sql in found
        if '"tenant_id" = ' not in sql and "target_external_id" not in sql.partition("WHERE")[2]
    ] == []
