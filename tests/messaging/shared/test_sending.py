"""No automatic reply leaves on another's thread, a refusal is told as what it is, and whoever
writes there has to say that they mean it.
"""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app.content import Template, Unsendable
from channels_app.models import Channel
from messaging.models import Conversation, Message
from tenants.scope import operator_scope
from tests.messaging.outbound.leased import queue_only
from tests.support.whatsapp import bodies, shared_numbers
from tests.support.whatsapp.shared_threads import (
    handover,
    history,
    messages,
    owner,
    standby,
    text,
    thread,
)

pytestmark = pytest.mark.whatsapp

A_DAY = 86_400
NOT_OURS = {"code": 100, "subcode": 2494191}
REFUSED = "Another responder has this conversation"


@pytest.fixture
def ada(tell):
    """The conversation's id, whose thread is another's."""
    tell(standby(text("Hello")))
    with operator_scope():
        return Conversation.objects.get().id


def sent() -> list[tuple[str, str, str]]:
    """(status, error code, first words of the error) of what we wrote, in order."""
    with operator_scope():
        rows = Message.objects.filter(origin__in=["automatic", "staff"]).order_by("seq")
        return [(each.status, each.error_code, each.error[: len(REFUSED)]) for each in rows]


def test_a_reply_is_not_sent_on_a_thread_that_was_taken_after_it_was_queued(
    tell, deliver, work, graph
):
    deliver(shared_numbers.webhook(messages(text("Hello", at=time.time() - 10))))
    queue_only()
    deliver(shared_numbers.webhook(handover("control_taken")))
    queue_only()
    assert sent() == [("queued", "", "")]
    work()

    assert sent() == [("cancelled", "", "Another responder has the thread."[: len(REFUSED)])]
    assert graph.ledger == []


def test_a_reply_to_a_message_before_the_handover_is_not_even_queued(tell, graph):
    tell(messages(text("Hello", at=time.time() - 10)), handover("control_taken"))

    assert [(origin, why) for origin, _, why in thread()] == [
        ("contact", "not_ours"),
        ("notice", "kind"),
    ]
    assert graph.ledger == []


def test_what_staff_write_on_anothers_thread_is_refused_unless_they_say_that_they_mean_it(
    ada, say, work, graph
):
    with pytest.raises(Unsendable) as refusal:
        say("Hello from Acme", ada)
    say("Hello from Acme", ada, takes_thread=True)
    work()

    assert [fault.code for fault in refusal.value.faults] == ["not_thread_owner", "window_closed"]
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["Hello from Acme"]


def test_a_template_may_go_to_anybody(ada, say):
    with pytest.raises(Unsendable) as refusal:
        say(Template(name="hello", language="en"), ada)

    assert [fault.code for fault in refusal.value.faults] == ["no_such_template"]


def test_a_refusal_because_of_the_owner_fails_the_message_and_parks_nothing(tell, say, work, graph):
    tell(messages(text("Hello", at=time.time() - 10)))
    with operator_scope():
        conversation = Conversation.objects.get()
    graph.script.append(NOT_OURS)
    say("Anything else?", conversation.id)
    work()
    work()

    assert sent()[1:] == [("failed", "100", REFUSED)]
    with operator_scope():
        channel = Channel.objects.get()
    assert (channel.status, channel.shared_at is not None) == ("live", True)
    assert (owner(), history()) == (("other", "refused"), [("other", "refused", "")])
    assert [each["wamid"] is None for each in graph.ledger] == [False, True]


def test_a_refusal_that_a_status_reports_later_is_the_same(tell, say, work, graph, report):
    tell(messages(text("Hello", at=time.time() - 10)))
    code, subcode = NOT_OURS["code"], NOT_OURS["subcode"]
    errors = [{"code": code, "error_subcode": subcode, "title": "Not yours"}]
    report(bodies.status(graph.ledger[0]["wamid"], "failed", errors=errors))
    work()

    assert sent() == [("failed", "100", REFUSED)]
    assert owner() == ("other", "refused")


def test_a_thread_that_was_passed_to_us_may_be_written_on(ada, tell, say, work, graph):
    tell(handover("control_passed"))
    say("How can I help?", ada)
    work()

    assert sent() == [("accepted", "", "")]


def test_a_thread_that_was_passed_to_us_without_any_message_may_be_written_on(tell, say, work):
    tell(handover("control_passed"))
    with operator_scope():
        conversation = Conversation.objects.get()
    say("How can I help?", conversation.id)
    work()

    assert sent() == [("accepted", "", "")]


def test_what_was_accepted_on_anothers_thread_has_taken_it(ada, say, work):
    say("Hello from Acme", ada, takes_thread=True)
    work()

    assert sent() == [("accepted", "", "")]
    assert (owner(), history()[-1]) == (("us", "we_took"), ("us", "we_took", ""))


def test_a_silent_contacts_thread_is_nobodys_and_may_be_written_on_again(ada, say):
    with operator_scope():
        a_day_ago = timezone.now() - timedelta(days=1, minutes=1)
        Conversation.objects.update(owner_since=a_day_ago, owner_until=a_day_ago)
    with pytest.raises(Unsendable) as refusal:
        say("Hello from Acme", ada)

    assert [fault.code for fault in refusal.value.faults] == ["window_closed"]


@pytest.mark.parametrize(
    ("role", "takes_idle_threads", "why"),
    [("escalation", False, "idle"), ("escalation", True, ""), ("primary", False, "")],
)
def test_an_automatic_reply_takes_an_idle_thread_only_where_the_channel_allows_it(
    tell, role, takes_idle_threads, why
):
    tell(standby(text("Hello", at=time.time() - 2 * A_DAY)))
    with operator_scope():
        Channel.objects.update(
            health={"thread_role": {"value": role, "at": "2026-11-30T00:00:00+00:00"}},
            takes_idle_threads=takes_idle_threads,
        )
    tell(messages(text("Hello?", at=time.time() - 1.5 * A_DAY)))

    assert thread()[1] == ("contact", "Hello?", why)
