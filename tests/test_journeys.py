"""What the project was founded for, told through real HTTP, a real signature and a real
PostgreSQL.
"""

import pytest

from channels_app.content import Location
from messaging.models import Contact, Conversation, Message
from messaging.replies.registry import at_path
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import (
    ACME_ACCOUNT,
    ACME_NUMBER,
    ADA,
    GLOBEX_ACCOUNT,
    GLOBEX_NUMBER,
    GRACE,
    REPLY,
    thread_of,
)
from tests.support.whatsapp import bodies

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]


def test_a_message_reaches_the_webhook_and_is_stored_before_it_is_answered_200(
    acme_whatsapp, write, db_rows
):
    response = write("Is it in stock?")

    assert (response.status_code, response.content) == (200, b"")
    assert db_rows.execute(
        "SELECT kind, processed_at FROM messaging.webhook_deliveries"
    ).fetchall() == [("whatsapp", None)]


def test_a_message_makes_a_contact_and_a_conversation_and_is_answered(
    acme, acme_whatsapp, write, work, graph
):
    write("Is it in stock?", sender=ADA)
    work()

    with tenant_scope(acme.id):
        contact = Contact.objects.get()
        conversation = Conversation.objects.get()
        assert contact.name == "Ada"
        assert list(contact.identities.values_list("kind", "value")) == [("wa_id", ADA)]
        assert (conversation.contact_id, conversation.channel_id, conversation.status) == (
            contact.id,
            acme_whatsapp.id,
            "open",
        )
    assert thread_of(acme) == [
        ("inbound", "Is it in stock?", "received"),
        ("outbound", REPLY, "accepted"),
    ]
    assert [
        (sent["phone_number_id"], sent["token"], sent["message"]["to"]) for sent in graph.ledger
    ] == [(ACME_NUMBER, "token-of-acme", ADA)]


def test_the_reply_follows_its_statuses_to_read(acme, acme_whatsapp, write, report, work, graph):
    write()
    work()
    wamid = graph.ledger[0]["wamid"]
    for word in ("sent", "delivered", "read"):
        report(bodies.status(wamid, word))
        work()
        assert thread_of(acme)[1] == ("outbound", REPLY, word)


def test_one_post_with_messages_for_two_tenants_is_stored_and_answered_by_each(
    acme, globex, acme_whatsapp, globex_whatsapp, deliver, work, graph
):
    deliver(
        bodies.webhook(
            bodies.entry(
                ACME_ACCOUNT,
                bodies.value(ACME_NUMBER, messages=(bodies.text("to Acme", sender=ADA),)),
            ),
            bodies.entry(
                GLOBEX_ACCOUNT,
                bodies.value(GLOBEX_NUMBER, messages=(bodies.text("to Globex", sender=GRACE),)),
            ),
        )
    )
    work()

    assert thread_of(acme) == [("inbound", "to Acme", "received"), ("outbound", REPLY, "accepted")]
    assert thread_of(globex) == [
        ("inbound", "to Globex", "received"),
        ("outbound", REPLY, "accepted"),
    ]
    sent = {
        (each["phone_number_id"], each["token"], each["message"]["to"]) for each in graph.ledger
    }
    assert sent == {(ACME_NUMBER, "token-of-acme", ADA), (GLOBEX_NUMBER, "token-of-globex", GRACE)}


def test_one_person_who_writes_to_two_tenants_is_a_contact_of_each(
    acme, globex, acme_whatsapp, globex_whatsapp, write, work, graph
):
    write(sender=ADA)
    write(sender=ADA, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    with operator_scope():
        assert sorted(Contact.objects.values_list("tenant__slug", "identities__value")) == [
            ("acme", ADA),
            ("globex", ADA),
        ]


class Echo:
    def reply_to(self, message: Message) -> str:
        return f"You said: {message.text}"


def test_a_new_reply_strategy_plugs_in_by_its_name(
    acme, acme_whatsapp, write, work, graph, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.Echo"
    write("Hello")
    work()

    assert thread_of(acme)[1] == ("outbound", "You said: Hello", "accepted")


class ShowsTheWay:
    def reply_to(self, message: Message) -> Location:
        return Location(latitude=59.33, longitude=18.06, name="Acme")


def test_a_strategy_may_answer_with_more_than_text(
    acme, acme_whatsapp, write, work, graph, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.ShowsTheWay"
    write("Where are you?")
    work()

    assert [status for *_, status in thread_of(acme)] == ["received", "accepted"]
    assert graph.ledger[0]["message"]["location"]["name"] == "Acme"


class Rambles:
    def reply_to(self, message: Message) -> str:
        return "x" * 5000


def test_a_text_that_is_longer_than_a_message_may_be_is_cut(
    acme, acme_whatsapp, write, work, graph, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.Rambles"
    write("Tell me everything")
    work()

    assert thread_of(acme)[1] == ("outbound", "x" * 4096, "accepted")


class Broken:
    def reply_to(self, message: Message) -> str:
        raise RuntimeError("the model is down")


def test_a_strategy_that_fails_costs_no_message(acme, acme_whatsapp, write, work, graph, settings):
    settings.REPLY_STRATEGY = f"{__name__}.Broken"
    write("Hello")
    work()

    assert thread_of(acme) == [("inbound", "Hello", "received")]
    assert at_path(settings.REPLY_STRATEGY).__class__ is Broken


def test_the_channels_reply_goes_before_the_tenants_and_no_text_is_no_reply(
    acme, acme_whatsapp, write, work, graph
):
    with operator_scope():
        acme_whatsapp.auto_reply = "From the channel."
        acme_whatsapp.save()
    write("one")
    work()
    with operator_scope():
        type(acme_whatsapp).objects.update(auto_reply="")
        type(acme).objects.update(auto_reply="")
    write("two")
    work()

    assert [text for _, text, _ in thread_of(acme)] == ["one", "From the channel.", "two"]
