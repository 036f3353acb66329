"""What a strategy says is checked once more before it is queued: does it still fit?"""

import pytest

from channels_app.content import Text
from messaging.contacts import decisions
from messaging.conversations import state
from messaging.models import Conversation, Message
from messaging.outbound import submit
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.replies import choose, says
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

FIRST = "Is my parcel on its way?"


@pytest.fixture
def asked(acmes_service, write, work, answerer, db_rows):
    """Ada has written, and the service is asked; what it says is not settled yet."""
    write(FIRST, sender=ADA)
    work()
    answerer.work()
    assert len(answerer.under_way) == 1


@pytest.fixture
def settle(answerer, work):
    def settle():
        answerer.settle_said(10)
        work()

    return settle


def conversation_id():
    with operator_scope():
        return Conversation.objects.get().id


def in_scope_of(tenant, function, *args, **more):
    with tenant_scope(tenant.id):
        function(*args, **more)


def test_staff_who_have_written_meanwhile_come_first(acme, asked, settle, graph, thread):
    written = {"origin": Message.Origin.STAFF}
    in_scope_of(acme, submit.send, conversation_id(), Text(body="I am here."), **written)
    settle()

    assert thread() == [(FIRST, "paused"), ("I am here.", "accepted")]


def test_staff_who_have_written_in_the_phone_app_meanwhile_come_first(
    asked, deliver, work, settle, graph, thread
):
    own = {**bodies.text("I am here.", sender="15550100001"), "to": ADA}
    value = {**bodies.value(ACME_NUMBER), "message_echoes": [own]}
    deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_message_echoes", value)))
    work()
    settle()

    assert thread() == [(FIRST, "paused"), ("I am here.", "sent")]


def test_a_conversation_that_was_left_to_people_meanwhile_is_theirs(
    acme, asked, settle, graph, thread, waiting
):
    in_scope_of(acme, state.hand_over, conversation_id(), "Angry.")
    settle()

    assert (thread(), waiting()) == ([(FIRST, "people")], [("order", "Angry.")])


def test_a_conversation_that_somebody_took_meanwhile_is_theirs(acme, asked, settle, graph, thread):
    in_scope_of(acme, state.take, conversation_id())
    settle()

    assert thread() == [(FIRST, "paused")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE messaging.contacts SET blocked_at = now()", "blocked"),
        ("UPDATE messaging.tenants SET status = 'suspended' WHERE slug = 'acme'", "suspended"),
        ("UPDATE messaging.tenants SET replies_per_hour = 0 WHERE slug = 'acme'", "limit"),
        (
            "UPDATE messaging.conversations SET owner = 'other', owner_told_by = 'passed',"
            " owner_told_at = now(), owner_since = now()",
            "not_ours",
        ),
    ],
)
def test_what_came_to_stand_against_an_answer_meanwhile_is_its_reason(
    asked, settle, graph, thread, db_rows, change, reason
):
    db_rows.execute(change)
    settle()

    assert (thread(), graph.ledger) == ([(FIRST, reason)], [])


def test_a_window_that_has_closed_meanwhile_leaves_it_to_people(
    asked, settle, graph, thread, waiting, db_rows
):
    db_rows.execute("UPDATE messaging.conversations SET window_closes_at = now()")
    settle()

    assert (thread(), [because for because, _ in waiting()]) == ([(FIRST, "late")], ["timeout"])


def test_a_newer_message_is_answered_instead_while_the_service_is_asked(
    acmes_service, asked, write, work, settle, answer, thread, replies, graph
):
    write("And where is it?", sender=ADA)
    work()
    settle()
    acmes_service.answer = lambda received: says("In Malmö.")
    answer()
    work()

    assert replies() == [(FIRST, "superseded"), ("And where is it?", "answered")]
    assert thread() == [
        (FIRST, "burst"),
        ("And where is it?", "received"),
        ("In Malmö.", "accepted"),
    ]


def test_a_burst_is_answered_once_after_its_last_message(
    acmes_service, write, work, answer, settings, thread, replies, db_rows, graph
):
    settings.DEFERRED_REPLY_WAIT_SECONDS = 3600
    write("One", sender=ADA)
    work()
    write("Two", "Three", sender=ADA)
    work()
    answer()
    before = list(acmes_service.received)
    db_rows.execute("UPDATE messaging.deferred_replies SET due_at = now() WHERE outcome = ''")
    answer()
    work()

    assert (before, len(acmes_service.received)) == ([], 1)
    assert replies() == [("One", "superseded"), ("Three", "answered")]
    assert thread() == [
        ("One", "burst"),
        ("Two", "burst"),
        ("Three", "received"),
        ("Hello from the service.", "accepted"),
    ]


def test_a_person_who_was_erased_meanwhile_is_not_answered(asked, settle, graph, db_rows, thread):
    for table in ("deferred_replies", "events", "messages", "conversations"):
        db_rows.execute(f"DELETE FROM messaging.{table}")
    settle()

    assert (
        graph.ledger,
        db_rows.execute("SELECT count(*) FROM messaging.messages").fetchone(),
    ) == (
        [],
        (0,),
    )


def test_people_who_are_one_are_answered_in_the_thread_of_both(
    acme, asked, settle, thread, db_rows, write, work
):
    before = conversation_id()
    write("It is me.", sender="46700000009")
    work()
    (into,) = db_rows.execute(
        "SELECT id FROM messaging.conversations WHERE id <> %s", [before]
    ).fetchone()
    with operator_scope():
        kept = Conversation.objects.get(id=into).contact_id
        gone = Conversation.objects.get(id=before).contact_id
        decisions.merge(gone, kept, by="staff")
    settle()

    answered = "SELECT conversation_id FROM messaging.messages WHERE in_reply_to_id IS NOT NULL"
    assert db_rows.execute(answered).fetchall() == [(into,)]


def test_another_strategy_is_asked_from_the_next_message_on_without_a_restart(
    acme, acmes_service, write, work, answer, thread
):
    write("One", sender=ADA)
    work()
    answer()
    choose(acme, "office_hours", days=[], opens="09:00", closes="17:00", zone="UTC",
           while_open="", while_closed="We are closed.")  # fmt: skip
    write("Two", sender=ADA)
    work()

    assert [text for text, _ in thread()] == [
        "One",
        "Hello from the service.",
        "Two",
        "We are closed.",
    ]
