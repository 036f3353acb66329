"""Orders about a thread: the provider is asked at most once, and what it says decides."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from channels_app.content import Unsendable
from channels_app.models import Channel
from messaging.contacts import merging
from messaging.conversations import thread_control, thread_tasks
from messaging.maintenance.sweeps import give_up_orders, run_sweep
from messaging.models import Contact, Conversation, Message, ThreadOrder
from messaging.models.queue import HELD
from tenants.scope import operator_scope, router_scope, tenant_scope
from tests.support.cast import ADA
from tests.support.whatsapp.shared_threads import asked, history, owner

pytestmark = pytest.mark.whatsapp

NOTE = "She wants her money back."
Order = Callable[..., ThreadOrder]


@pytest.fixture
def ours(desk, work) -> UUID:
    """The conversation's id, whose thread is ours."""
    with operator_scope():
        Channel.objects.update(shared_at=timezone.now())
    desk.primary = {"chat": "us"}
    desk.person_writes(ADA)
    work()
    return conversation_id()


@pytest.fixture
def theirs(desk, work) -> UUID:
    """The conversation's id, whose thread is another's; we are the escalation partner."""
    desk.escalation = "us"
    desk.person_writes(ADA)
    work()
    return conversation_id()


def conversation_id() -> UUID:
    with operator_scope():
        return Conversation.objects.get().id


@pytest.fixture
def order(acme) -> Order:
    def order(conversation_id: UUID, action: str, **more: str) -> ThreadOrder:
        with tenant_scope(acme.id):
            return thread_tasks.give_order(conversation_id, action, by="Olga", **more)

    return order


def outcome(given: ThreadOrder) -> tuple[str, str, str]:
    """(status, error code, error) of an order."""
    with operator_scope():
        row = ThreadOrder.objects.get(id=given.id)
        return row.status, row.error_code, row.error


def codes(refusal: pytest.ExceptionInfo[Unsendable]) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in refusal.value.faults]


def test_a_thread_is_passed_on_with_a_note_and_is_anothers_then(ours, order, jobs, graph, desk):
    given = order(ours, "pass", note=NOTE)
    jobs()

    assert outcome(given) == ("done", "", "")
    assert asked(graph) == [("pass", ADA, NOTE)]
    assert (owner(), desk.owner_of(ADA)) == (("other", "we_passed"), "other")
    assert history() == [("us", "message", ""), ("other", "we_passed", NOTE)]


def test_a_thread_is_released_and_is_nobodys_then(ours, order, jobs, graph, desk):
    given = order(ours, "release")
    jobs()

    assert outcome(given) == ("done", "", "")
    assert (owner(), desk.owner_of(ADA)) == (("nobody", "we_released"), "nobody")


def test_a_thread_is_taken_and_may_be_written_on_then(theirs, order, jobs, graph, desk, say, work):
    given = order(theirs, "take")
    jobs()
    say("How can I help?", theirs)
    work()

    assert outcome(given) == ("done", "", "")
    assert (owner(), desk.owner_of(ADA)) == (("us", "we_took"), "us")
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["How can I help?"]


def test_who_ordered_it_stands_in_the_history(theirs, order, jobs):
    order(theirs, "take")
    jobs()

    with operator_scope():
        told = Conversation.objects.get().owner_changes.order_by("occurred_at")
        assert list(told.values_list("told_by", "by")) == [("standby", ""), ("we_took", "Olga")]


def test_a_take_that_is_refused_is_told_and_leaves_the_thread_and_the_channel(
    theirs, order, jobs, desk
):
    desk.escalation = "other"
    given = order(theirs, "take")
    jobs()

    status, code, error = outcome(given)
    assert (status, code) == ("failed", "100")
    assert error.startswith("Another responder has this conversation")
    with operator_scope():
        assert Channel.objects.get().status == "live"
    assert owner() == ("other", "standby")


@pytest.mark.parametrize(
    ("step", "expected"), [({"then": "close"}, "done"), ({"http": 500}, "failed")]
)
def test_an_order_without_an_answer_is_unknown_until_the_next_word_about_the_thread(
    theirs, order, jobs, graph, desk, work, step, expected
):
    graph.onboarding_script["thread_control"].append(step)
    given = order(theirs, "take")
    jobs()
    assert (outcome(given)[0], owner()) == ("unknown", ("other", "standby"))
    desk.clock = lambda: time.time() + 2  # a provider tells whole seconds
    desk.person_writes(ADA, "Are you there?")
    work()

    assert outcome(given)[0] == expected


def test_an_order_that_was_begun_by_a_process_that_was_killed_is_never_asked_again(
    theirs, order, jobs, graph, acme
):
    given = order(theirs, "take")
    with router_scope():
        assert ThreadOrder.objects.begin(acme.id, given.id, per_minute=400) == "sending"
    jobs()
    with operator_scope():
        an_hour_ago = timezone.now() - timedelta(hours=1)
        ThreadOrder.objects.update(begun_at=an_hour_ago)
        Conversation.objects.update(owner_told_at=an_hour_ago)
    run_sweep(give_up_orders)

    assert (outcome(given)[0], graph.thread_orders) == ("unknown", [])


def test_the_owner_is_recorded_later_where_the_conversation_was_busy_when_an_order_was_done(
    theirs, order, jobs, graph, acme, other, monkeypatch
):
    monkeypatch.setattr(thread_control, "TRIES", 1)
    given = order(theirs, "take")
    with router_scope():
        ThreadOrder.objects.begin(acme.id, given.id, per_minute=400)
    other.execute("SELECT FROM messaging.conversations FOR UPDATE")
    with pytest.raises(OperationalError):
        thread_control.settle(given, None)
    assert (outcome(given)[0], owner()) == ("done", ("other", "standby"))
    other.rollback()
    jobs()

    assert (outcome(given)[0], owner()) == ("done", ("us", "we_took"))
    assert (history()[-1], graph.thread_orders) == (("us", "we_took", ""), [])


def test_an_order_waits_until_what_was_said_before_it_has_left(ours, order, acme, say, work):
    say("A colleague takes over.", ours)
    given = order(ours, "pass")
    with pytest.raises(thread_control.NotYet):
        thread_control.carry_out(acme.id, given.id)
    work()
    thread_control.carry_out(acme.id, given.id)

    assert outcome(given)[0] == "done"


def test_an_order_waits_while_as_many_as_meta_takes_were_given_within_a_minute(
    ours, order, acme, desk
):
    given = order(ours, "pass")
    with operator_scope():
        conversation = Conversation.objects.get()
        now = timezone.now()
        ended = {"status": "done", "begun_at": now, "ended_at": now, "action": "release"}
        ThreadOrder.objects.bulk_create(
            ThreadOrder(tenant=acme, conversation=conversation, **ended) for _ in range(400)
        )
    with pytest.raises(thread_control.NotYet):
        thread_control.carry_out(acme.id, given.id)
    with operator_scope():
        ThreadOrder.objects.filter(status="done").update(begun_at=now - timedelta(seconds=61))
    thread_control.carry_out(acme.id, given.id)

    assert outcome(given)[0] == "done"


def test_an_order_that_waited_for_ten_minutes_expires(ours, order, jobs, graph):
    given = order(ours, "pass")
    with operator_scope():
        ThreadOrder.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    jobs()

    assert outcome(given) == ("expired", "", "It waited too long to be worth asking.")
    assert graph.thread_orders == []


def test_an_order_that_no_task_takes_up_expires(ours, order):
    given = order(ours, "pass")
    with operator_scope():
        ThreadOrder.objects.update(created_at=timezone.now() - timedelta(hours=1))
    run_sweep(give_up_orders)

    assert outcome(given)[0] == "expired"


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        ("take", {}, [("already_thread_owner", "")]),
        ("pass", {"note": "a" * 2001}, [("invalid", "/note")]),
        ("release", {"note": NOTE}, [("invalid", "/note")]),
    ],
)
def test_an_order_that_makes_no_sense_on_our_thread_is_refused(
    ours, order, graph, action, more, expected
):
    with pytest.raises(Unsendable) as refusal:
        order(ours, action, **more)

    assert codes(refusal) == expected


@pytest.mark.parametrize("action", ["pass", "release"])
def test_anothers_thread_is_not_given_away(theirs, order, action):
    with pytest.raises(Unsendable) as refusal:
        order(theirs, action)

    assert codes(refusal) == [("not_thread_owner", "")]


def test_one_order_at_a_time(ours, order):
    order(ours, "pass")
    with pytest.raises(Unsendable) as refusal:
        order(ours, "release")

    assert codes(refusal) == [("thread_order_under_way", "")]


def test_a_task_of_another_tenant_carries_nothing_out(ours, order, globex, graph):
    given = order(ours, "pass")
    thread_control.carry_out(globex.id, given.id)

    assert (outcome(given)[0], graph.thread_orders) == ("queued", [])
    with router_scope():
        assert ThreadOrder.objects.begin(globex.id, given.id, per_minute=400) == ""


def test_a_message_that_waits_for_its_repair_does_not_hold_an_order_back(ours, order, acme, say):
    said = say("I will look into it.", ours)
    with operator_scope():
        Message.objects.filter(id=said.id).update(status="held", due_at=HELD)
    given = order(ours, "pass")
    thread_control.carry_out(acme.id, given.id)

    assert outcome(given)[0] == "done"


def test_an_order_of_a_conversation_that_was_merged_meanwhile_counts_for_the_other_one(
    theirs, order, acme, desk, tell
):
    given = order(theirs, "take")
    with operator_scope():
        kept = Contact.objects.create(tenant=acme, name="Ada, too")
        gone = Contact.objects.get(conversations=theirs)
        into = Conversation.objects.create(
            tenant=acme, channel_id=Conversation.objects.get().channel_id, contact=kept
        )
    with router_scope():
        merging.merge(gone, into=kept)
    thread_control.carry_out(acme.id, given.id)

    assert outcome(given)[0] == "done"
    with operator_scope():
        assert Conversation.objects.get(id=into.id).owner == "us"
        assert ThreadOrder.objects.get().conversation_id == into.id


def test_an_order_by_a_channel_that_does_not_work_fails_and_nobody_is_asked(
    theirs, order, acme, graph
):
    given = order(theirs, "take")
    with operator_scope():
        Channel.objects.update(status="restricted")
    thread_control.carry_out(acme.id, given.id)

    assert outcome(given) == (
        "failed",
        "",
        "The channel does not work: it has to be repaired or connected first.",
    )
    assert graph.thread_orders == []
