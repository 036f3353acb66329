"""Strategies that take their time are not asked in a rehearsal: each message ends as it ended in
the recording, at its moment, and what differs after that is named.
"""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from channels_app.models import Channel
from messaging.replies import Later
from tenants.models import Tenant
from tests.support.cast import ADA, GRACE
from tests.support.replies import answer_what_is_due, choose, says, served
from tests.support.subscriber import Subscriber
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

ANSWER = "Hello from the service."
HAND_OVER = (200, {}, b'{"hand_over": "A refund."}')


@pytest.fixture
def service(acme: Tenant, acme_whatsapp: Channel, settings: Any) -> Iterator[Subscriber]:
    """Acme's strategy asks it for each answer."""
    with served(settings, lambda received: says(ANSWER)) as service:
        choose(acme, "service", url=service.url)
        yield service


@pytest.fixture
def since(service, write, report, work, graph, restore) -> Any:
    """Ada was answered, and wrote twice at once; Grace was left to people, and wrote again."""
    began = timezone.now()
    write("Hello", wamid="wamid.ada.0")
    work()
    answer_what_is_due()
    work()
    report(bodies.status(graph.ledger[0]["wamid"], "delivered"))
    work()
    service.answer = lambda received: HAND_OVER
    write("My money", sender=GRACE, wamid="wamid.grace.0")
    work()
    answer_what_is_due()
    write("Please", sender=GRACE, wamid="wamid.grace.1")
    work()
    service.answer = lambda received: says(ANSWER)
    write("Is my", sender=ADA, wamid="wamid.ada.1")
    work()
    write("parcel here?", sender=ADA, wamid="wamid.ada.2")
    work()
    answer_what_is_due()
    work()
    restore()
    return began


def test_what_was_recorded_happens_again_and_no_strategy_is_asked(
    since, service, rehearse, monkeypatch
):
    def refuse(*address: object) -> None:
        raise AssertionError(f"A rehearsal connects to {address}.")

    asked = len(service.received)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    done = rehearse(since)

    counted = {each["subject"]: each["recorded"] for each in done.report["subjects"]}
    assert (done.code, done.differing, len(service.received)) == (0, {}, asked), done.report
    assert (asked, counted["replies"], counted["statuses"]) == (3, 5, 1)


def test_a_message_that_is_answered_at_once_today_is_named_and_not_those_beside_it(
    since, rehearse, monkeypatch
):
    service = "tests.support.service_strategy.AsksAService.reply_to"
    monkeypatch.setattr(service, lambda self, message: at_once(message))
    done = rehearse(since, texts=True)

    assert (done.code, done.differing) == (1, {"replies": 1})
    (named,) = done.shown("replies")
    assert named["columns"]["text"] == [ANSWER, "At once."]


def at_once(message: Any) -> Any:
    """What today's strategy says: the first message is answered at once."""
    return "At once." if message.text == "Hello" else Later()
