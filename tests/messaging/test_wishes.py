"""Nothing goes to who is blocked, and no marketing to who wants none: not when it is said, and not
when it would leave.
"""

import time
from typing import Any

import pytest

from channels_app.content import Template
from messaging.contacts import decisions
from messaging.models import Contact, ContactChange, Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

SALE, READY = Template(name="sale", language="en"), Template(name="ready", language="en")
NO_MARKETING, BLOCKED = (
    "The contact wants no marketing.",
    "The contact is blocked: unblock them to write.",
)


@pytest.fixture
def templates(approve):
    approve("sale", category="MARKETING")
    approve("ready", category="UTILITY")


@pytest.fixture
def prefers(deliver, work):
    """Ada stops or resumes marketing, at a second of her own."""

    def prefers(word: str, at: int = 0) -> None:
        wish: dict[str, Any] = {"wa_id": ADA, "category": "marketing_messages", "value": word}
        value = {
            **bodies.value(ACME_NUMBER),
            "user_preferences": [{**wish, "timestamp": int(time.time()) + at}],
        }
        deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "user_preferences", value)))
        work()

    return prefers


def decide(what: Any) -> None:
    with operator_scope():
        assert len(what(Contact.objects.all(), by="grace")) == 1


def sent(graph: Any) -> list[str]:
    return [each["message"].get("template", {}).get("name", "text") for each in graph.ledger]


def status_of(message: Message) -> tuple[str, str]:
    with operator_scope():
        return Message.objects.values_list("status", "error").get(id=message.id)


def test_a_blocked_contact_gets_nothing_until_they_are_unblocked(
    ada, templates, say, faults, work, graph
):
    decide(decisions.block)
    assert (faults("Hi", ada), faults(READY, ada)) == ((BLOCKED,), (BLOCKED,))

    decide(decisions.unblock)
    say("Hi", ada)
    work()
    assert sent(graph) == ["text"]


def test_what_waits_when_a_contact_is_blocked_is_cancelled(ada, templates, say, work, graph):
    text, template = say("Hi", ada), say(READY, ada)
    decide(decisions.block)
    work()

    assert [status_of(text), status_of(template)] == [("cancelled", "The contact is blocked.")] * 2
    assert graph.ledger == []


def test_what_a_blocked_contact_writes_is_stored_and_not_answered(
    acme, acme_whatsapp, write, work, graph
):
    write("one")
    work()
    decide(decisions.block)
    write("two")
    work()
    assert [text for direction, text, _ in thread_of(acme) if direction == "inbound"] == [
        "one",
        "two",
    ]
    assert (len(thread_of(acme)), len(graph.ledger)) == (3, 1)

    decide(decisions.unblock)
    write("three")
    work()
    assert len(graph.ledger) == 2


def test_who_is_joined_with_somebody_blocked_is_blocked(ada, write, work, faults, say, graph):
    write("by user id", sender="SE.1001")
    work()
    with operator_scope():
        assert (
            len(decisions.block(Contact.objects.filter(identities__value="SE.1001"), by="grace"))
            == 1
        )
    say("Still fine", ada)
    write("I am both", sender=ADA, from_user_id="SE.1001")
    work()

    assert faults("Hi", ada) == (BLOCKED,)


def test_who_stopped_marketing_gets_none_until_they_resume_it(
    ada, templates, prefers, say, faults, work, graph
):
    prefers("stop", at=-3)
    assert faults(SALE, ada) == (NO_MARKETING,)
    say(READY, ada)
    say("Hi", ada)
    work()
    assert sent(graph) == ["ready", "text"]

    prefers("resume", at=-2)
    say(SALE, ada)
    work()
    assert sent(graph) == ["ready", "text", "sale"]


def test_an_older_word_that_comes_late_changes_no_wish(ada, templates, prefers, faults):
    prefers("stop", at=-2)
    prefers("resume", at=-3)

    assert faults(SALE, ada) == (NO_MARKETING,)


def test_marketing_that_waits_when_it_is_stopped_is_cancelled_and_the_rest_leaves(
    ada, templates, prefers, say, work, graph
):
    sale, ready = say(SALE, ada), say(READY, ada)
    prefers("stop")
    work()

    assert [status_of(sale), status_of(ready)] == [("cancelled", NO_MARKETING), ("accepted", "")]
    assert sent(graph) == ["ready"]


@pytest.mark.parametrize("how", ["answer", "status"])
def test_a_refusal_for_a_wish_that_we_did_not_know_is_remembered_as_the_wish(
    ada, templates, say, faults, report, work, prefers, graph, how
):
    if how == "answer":
        graph.script.append({"code": 131050})
    sale = say(SALE, ada)
    work()
    if how == "status":
        failure = {"code": 131050, "title": "User has stopped marketing messages"}
        report(bodies.status(graph.ledger[0]["wamid"], "failed", errors=[failure]))
        work()
    assert (status_of(sale)[0], faults(SALE, ada)) == ("failed", (NO_MARKETING,))

    prefers("resume", at=5)
    say(SALE, ada)
    work()
    assert sent(graph) == ["sale", "sale"]


def test_a_wish_that_is_told_twice_is_noted_once(ada, deliver, work):
    wish = {
        "wa_id": ADA,
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": int(time.time()),
    }
    body = bodies.webhook(
        bodies.change(
            ACME_ACCOUNT,
            "user_preferences",
            {**bodies.value(ACME_NUMBER), "user_preferences": [wish]},
        )
    )
    for _ in range(2):
        deliver(body)
        work()

    with operator_scope():
        assert list(ContactChange.objects.values_list("what", flat=True)) == ["marketing_stopped"]
