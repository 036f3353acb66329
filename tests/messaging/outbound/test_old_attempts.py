"""What is said of an attempt before a resend, after the resend."""

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Message, Resend
from messaging.outbound import dispatch, outcomes
from tenants.scope import operator_scope
from tests.messaging.outbound.leased import marked
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

FAILED = {"errors": [{"code": 131026, "title": "Undeliverable"}]}


def reply() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


def send_again() -> None:
    message_id = reply().id
    with operator_scope():
        assert Resend.objects.order([message_id], by="an operator") == [message_id]


@pytest.fixture
def tell(report, graph):
    """Meta reports of the POST at this place in its ledger, with our reference or without, and it
    is taken in.
    """

    def tell(place: int, *words: str, is_referenced: bool = True) -> None:
        entry = graph.ledger[place]
        more = (
            {"biz_opaque_callback_data": entry["message"]["biz_opaque_callback_data"]}
            if is_referenced
            else {}
        )
        report(
            *(
                bodies.status(entry["wamid"], word, **more, **(FAILED if word == "failed" else {}))
                for word in words
            )
        )
        DeliveryLeaser().process_due()

    return tell


@pytest.mark.parametrize("words", [["failed"], ["sent", "failed"]], ids=" ".join)
@pytest.mark.parametrize("again", ["sent", "failed"])
@pytest.mark.parametrize("is_referenced", [True, False], ids=["with our reference", "without"])
def test_a_failure_that_is_reported_once_more_does_not_undo_an_order(
    acme_whatsapp, write, work, graph, tell, words, again, is_referenced
):
    write()
    work()
    tell(0, *words, is_referenced=is_referenced)
    send_again()
    tell(0, again, is_referenced=is_referenced)
    assert reply().status == "queued"

    work()
    assert (reply().status, len(graph.ledger)) == ("accepted", 2)


def test_the_first_word_of_a_failure_does_not_undo_an_order(
    acme_whatsapp, write, work, graph, tell
):
    graph.script.append({"then": "close"})
    write()
    work()
    send_again()
    tell(0, "failed")
    assert reply().status == "queued"


def test_a_failed_attempt_says_nothing_of_the_one_after_it(acme_whatsapp, write, work, graph, tell):
    write()
    work()
    tell(0, "failed")
    send_again()
    graph.script.append({"then": "close"})
    work()
    assert reply().status == "unknown"

    tell(0, "sent")
    assert (reply().status, reply().needs_attention) == ("unknown", True)


@pytest.fixture
def answered_late(acme_whatsapp, write, work, graph):
    """Sent again because nobody knew, and only then the first answer came: both were accepted."""
    write()
    first = dispatch.post(marked(work))
    with operator_scope():
        Message.objects.filter(direction="outbound").update(
            status="unknown", due_at=None, lease=None
        )
    send_again()
    work()
    outcomes.settle([first])
    assert (reply().status, len(graph.ledger)) == ("accepted", 2)


def test_a_failure_of_the_first_of_two_copies_does_not_fail_the_second(answered_late, tell):
    tell(0, "failed")
    assert reply().status == "accepted"


def test_a_failure_of_the_second_of_two_copies_is_found(answered_late, tell):
    tell(1, "failed", is_referenced=False)
    assert reply().status == "failed"


def test_a_status_of_the_second_of_two_copies_finds_it_without_our_reference(answered_late, tell):
    tell(1, "delivered", is_referenced=False)
    assert reply().status == "delivered"
