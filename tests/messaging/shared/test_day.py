"""A day with two responders on one number: who has the thread, what stands in it, and what leaves,
step by step; and again in another order, and repeated. Processes are killed in between in
tests/chaos/test_second_responder.py.
"""

import itertools
import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from messaging.conversations import thread_tasks
from messaging.models import Conversation, Message, WebhookDelivery
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ADA, REPLY
from tests.support.whatsapp.shared_threads import history, owner, thread
from whatsapp.stand_in.responders import SecondResponder

pytestmark = pytest.mark.whatsapp

MINUTE = 60


@pytest.fixture
def clock(desk: SecondResponder) -> Callable[[], None]:
    """The desk's clock, some hours behind ours so that a day fits; `clock()` lets a minute pass."""
    moments = itertools.count(int(desk.clock()) - 60 * MINUTE, MINUTE)
    now = [next(moments)]
    desk.clock = lambda: now[0]

    def tick() -> None:
        now[0] = next(moments)

    return tick


def said(graph: Any) -> list[str]:
    """What we have sent, in order."""
    return [each["message"]["text"]["body"] for each in graph.ledger]


def in_thread() -> list[tuple[str, str]]:
    return [(origin, text) for origin, text, _ in thread()]


def conversation() -> Conversation:
    with operator_scope():
        return Conversation.objects.get()


def test_a_day_with_two_responders(desk, clock, work, jobs, say, acme, graph):
    def order(action: str, note: str = "") -> None:
        id = conversation().id
        with tenant_scope(acme.id):
            thread_tasks.give_order(id, action, note=note, by="Olga")
        jobs()

    desk.person_writes(ADA, "Where is my order?")  # the desk is the primary responder
    clock()
    desk.writes(ADA, "Let me see.")
    work()
    assert (owner()[0], said(graph)) == ("other", [])

    clock()
    desk.passes(ADA, "She wants her money back.")
    work()
    assert (owner(), said(graph)) == (("us", "passed"), [])

    clock()
    desk.person_writes(ADA, "Hello?")
    work()
    assert (owner()[0], said(graph)) == ("us", [REPLY])

    order("pass", "She only wanted to know where it is.")
    assert (owner(), desk.owner_of(ADA)) == (("other", "we_passed"), "other")

    clock()
    desk.escalation = "us"
    desk.clock = lambda after=desk.clock: after() + 61 * MINUTE  # after our order
    desk.person_writes(ADA, "Is somebody there?")
    work()
    assert (owner()[0], said(graph)) == ("other", [REPLY])

    order("take", "I know her.")
    say("Your order is on its way.", conversation().id)
    work()
    assert (owner(), desk.owner_of(ADA)) == (("us", "we_took"), "us")
    assert said(graph) == [REPLY, "Your order is on its way."]

    order("release")
    assert (owner(), desk.owner_of(ADA)) == (("nobody", "we_released"), "nobody")

    time.sleep(1)  # of the same second, our own word would count
    desk.person_writes(ADA, "Thank you!")
    work()
    assert (owner()[0], said(graph)) == ("other", [REPLY, "Your order is on its way."])

    with operator_scope():  # 24 hours pass
        day = timedelta(hours=24)
        Conversation.objects.update(
            owner_since=F("owner_since") - day, owner_until=F("owner_until") - day
        )
        row = Conversation.objects.get()
        assert row.owner_at(row.owner_until) == "nobody"

    assert in_thread() == [
        ("standby", "Where is my order?"),
        ("responder", "Let me see."),
        (
            "notice",
            "The conversation was passed to us (previous owner: AI agent, new owner: partner).",
        ),
        ("contact", "Hello?"),
        ("automatic", REPLY),
        ("standby", "Is somebody there?"),
        ("staff", "Your order is on its way."),
        ("standby", "Thank you!"),
    ]
    assert [(who, what) for who, what, _ in history()] == [
        ("other", "standby"),
        ("us", "passed"),
        ("other", "we_passed"),
        ("us", "we_took"),
        ("nobody", "we_released"),
        ("other", "standby"),
    ]


def a_morning(desk: SecondResponder, clock: Callable[[], None]) -> list[bytes]:
    """Its webhooks, in order, delivered to nobody."""
    desk.tell = lambda body: None
    steps: list[Callable[[], list[bytes]]] = [
        lambda: desk.person_writes(ADA, "Where is my order?"),
        lambda: desk.writes(ADA, "Let me see."),
        lambda: desk.passes(ADA),
        lambda: desk.person_writes(ADA, "Hello?"),
        lambda: desk.takes(ADA),
        lambda: desk.person_writes(ADA, "Thank you."),
        lambda: desk.writes(ADA, "You are welcome."),
    ]
    bodies = []
    for step in steps:
        bodies += step()
        clock()
    return bodies


@pytest.mark.parametrize("seed", range(6))
def test_the_owner_and_the_thread_are_the_same_in_any_order_and_with_repetitions(
    desk, clock, deliver, work, graph, seed
):
    bodies = a_morning(desk, clock)
    chance = random.Random(seed)
    mixed = chance.sample(bodies, len(bodies)) + chance.sample(bodies, 4)
    for body in mixed:
        deliver(body)
        if chance.random() < 0.5:
            work()
    work()

    # a reply that left before we knew better was refused
    assert (owner()[0], {each["wamid"] for each in graph.ledger} <= {None}) == ("other", True)
    assert sorted((origin, text) for origin, text in in_thread() if origin != "automatic") == [
        ("contact", "Hello?"),
        (
            "notice",
            "Another responder took the conversation (previous owner: partner, new owner: AI"
            " agent).",
        ),
        (
            "notice",
            "The conversation was passed to us (previous owner: AI agent, new owner: partner).",
        ),
        ("responder", "Let me see."),
        ("responder", "You are welcome."),
        ("standby", "Thank you."),
        ("standby", "Where is my order?"),
    ]
    with operator_scope():
        told = Message.objects.get(origin="responder", text="Let me see.")
        assert told.status == "delivered"


def test_no_reply_leaves_where_the_whole_morning_came_at_once(desk, clock, deliver, work, graph):
    for body in a_morning(desk, clock):
        deliver(body)
    work()

    assert (owner()[0], graph.ledger) == ("other", [])


def test_webhooks_that_are_processed_again_change_nothing(desk, clock, deliver, work, graph):
    for body in a_morning(desk, clock):
        deliver(body)
    work()
    before = (owner(), history(), thread(), json.dumps(graph.ledger, default=str))
    with operator_scope():
        WebhookDelivery.objects.update(processed_at=None, due_at=F("received_at"))
    work()

    assert (owner(), history(), thread(), json.dumps(graph.ledger, default=str)) == before
