"""A status that speaks of a payment or a call is kept and shown as that, and moves no message."""

from datetime import UTC, datetime

import pytest

from channels_app.models import Channel
from messaging.models import Contact, Conversation, Message, MessageStatus
from messaging.references import reference
from tenants.scope import operator_scope
from tests.support.back_office import sign_in
from tests.support.whatsapp import bodies
from tests.support.whatsapp.reported import body_of

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def sent(ada, say, work, graph):
    """What Acme has just said; Meta took it."""
    said = say("Please pay", ada)
    work()
    return reply_of(said)


def reply_of(said: Message) -> Message:
    with operator_scope():
        return Message.objects.get(id=said.id)


def state() -> tuple[str, str, str, bool]:
    """(status, error, error_code, whether it needs attention) of what was said."""
    with operator_scope():
        message = Message.objects.get(direction="outbound")
    return message.status, message.error, message.error_code, message.needs_attention


def kept() -> list[str]:
    with operator_scope():
        return sorted(MessageStatus.objects.values_list("status", flat=True))


@pytest.mark.parametrize("before", ["sent", "delivered", "read"])
def test_a_payment_that_failed_leaves_its_message_as_it_was(sent, report, deliver, work, before):
    report(bodies.status(sent.external_id, before))
    for _ in range(2):
        deliver(body_of("payment_failed_status", WAMID_OF_OUR_ORDER_MESSAGE=sent.external_id))
        work()

    assert (state(), kept()) == ((before, "", "", False), sorted([before, "payment failed"]))


@pytest.mark.parametrize("kind", ["payment", "call", "tomorrow"])
@pytest.mark.parametrize(
    "word", ["pending", "captured", "failed", "delivered", "played", "teleported"]
)
def test_no_word_of_anything_else_moves_a_message(sent, report, work, kind, word):
    report(bodies.status(sent.external_id, word, type=kind))
    work()

    assert (state(), kept()) == (("accepted", "", "", False), [f"{kind} {word}"])


def test_the_failure_of_a_payment_and_of_its_message_are_two_things(sent, report, work):
    errors = [{"code": 131026, "title": "Undeliverable"}]
    report(
        bodies.status(sent.external_id, "failed", type="payment"),
        bodies.status(sent.external_id, "failed", type="message", errors=errors),
    )
    work()

    assert (state()[0], state()[2], kept()) == ("failed", "131026", ["failed", "payment failed"])


@pytest.mark.parametrize("code", [131047, 131050, 190, 131031])
def test_an_error_of_a_payment_closes_no_window_stops_no_marketing_and_parks_nothing(
    sent, report, work, code
):
    errors = [{"code": code, "title": "Declined", "error_data": {"details": "By the bank."}}]
    report(bodies.status(sent.external_id, "failed", type="payment", errors=errors))
    work()

    with operator_scope():
        assert Conversation.objects.get().window_closes_at > datetime.now(UTC)
        assert (Contact.objects.get().marketing_opted_out_at, Channel.objects.get().status) == (
            None,
            "live",
        )
        told = MessageStatus.objects.values_list("status", "error_code", "error").get()
    assert told == ("payment failed", str(code), "Declined: By the bank.")


def test_a_payment_settles_nothing_that_is_unknown(ada, say, report, work, graph):
    graph.script.append({"then": "close"})
    said = say("Please pay", ada)
    work()
    for word in ("delivered", "failed"):
        report(
            bodies.status(
                "wamid.x", word, type="payment", biz_opaque_callback_data=reference(said.id, 1)
            )
        )
        work()
    assert (state()[0], kept()) == ("unknown", ["payment delivered", "payment failed"])

    report(bodies.status("wamid.x", "delivered", biz_opaque_callback_data=reference(said.id, 1)))
    work()
    assert state()[0] == "delivered"


def test_a_payment_of_a_message_that_we_do_not_know_waits_for_it(sent, deliver, work, db_rows):
    db_rows.execute("UPDATE messaging.messages SET external_id = NULL WHERE direction = 'outbound'")
    deliver(body_of("payment_failed_status", WAMID_OF_OUR_ORDER_MESSAGE=sent.external_id))
    work()
    with operator_scope():
        assert list(MessageStatus.objects.values_list("status", "message")) == [
            ("payment failed", None)
        ]

    db_rows.execute(
        "UPDATE messaging.messages SET external_id = %s WHERE direction = 'outbound'",
        [sent.external_id],
    )
    work()
    with operator_scope():
        assert list(MessageStatus.objects.values_list("status", "message")) == [
            ("payment failed", sent.id)
        ]
    assert state() == ("accepted", "", "", False)


def test_staff_read_of_the_payment_on_the_message_and_in_the_conversation(
    web, sent, ada, deliver, report, work
):
    report(
        bodies.status(sent.external_id, "delivered", pricing={"category": None, "type": "regular"})
    )
    deliver(body_of("payment_failed_status", WAMID_OF_OUR_ORDER_MESSAGE=sent.external_id))
    work()
    session = sign_in(web, is_staff=True, is_superuser=True)
    pages = [
        session.get(f"{web}/admin/messaging/{page}/change/", timeout=10).text
        for page in (f"message/{sent.id}", f"conversation/{ada}")
    ]

    assert [
        ("payment failed" in page.lower(), "<strong>failed</strong>" in page, "None" in page)
        for page in pages
    ] == [(True, False, False), (True, False, False)]
