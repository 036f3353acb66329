"""Inwards under fire: what one delivery meets is never another's fault, and a database's trouble is
nobody's.
"""

from threading import Thread

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, connections

from channels_app.models import Channel
from channels_app.providers import registry
from messaging.inbound import batches
from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps
from messaging.models import DeadLetter, Message, WebhookDelivery
from messaging.replies.registry import at_path
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import (
    ACME_ACCOUNT,
    ACME_NUMBER,
    ADA,
    GLOBEX_ACCOUNT,
    GLOBEX_NUMBER,
    GRACE,
    thread_of,
)
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


def received() -> list[str]:
    with operator_scope():
        return sorted(Message.objects.filter(direction="inbound").values_list("text", flat=True))


def attempts() -> list[int]:
    with operator_scope():
        return list(
            WebhookDelivery.objects.filter(processed_at=None).values_list("attempts", flat=True)
        )


def test_a_locked_contact_holds_up_its_own_messages_alone_and_is_blamed_for_nothing(
    acme, acme_whatsapp, write, work, graph, database_name
):
    write("known", sender=ADA)
    work()
    write("blocked", sender=ADA)
    write("free", sender=GRACE)
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.contacts FOR UPDATE")
        DeliveryLeaser().process_due()
    assert (received(), attempts()) == (["free", "known"], [0])

    with operator_scope():
        WebhookDelivery.objects.filter(processed_at=None).update(due_at="2020-01-01T00:00:00Z")
    work()
    assert received() == ["blocked", "free", "known"]
    with operator_scope():
        assert DeadLetter.objects.count() == 0


def test_what_came_before_a_locked_contacts_message_is_finished(
    acme_whatsapp, write, work, graph, database_name
):
    write("known", sender=ADA)
    work()
    write("free", sender=GRACE)
    write("blocked", sender=ADA)
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.contacts FOR UPDATE")
        DeliveryLeaser().process_due()

    assert (received(), attempts()) == (["free", "known"], [0])


def test_a_large_delivery_is_not_finished_while_a_part_of_it_is_blocked(
    acme, acme_whatsapp, deliver, write, work, graph, database_name, monkeypatch
):
    monkeypatch.setattr(batches, "PORTION_ITEMS", 4)
    write("known", sender=ADA)
    work()
    senders = (
        *(f"49{index:08}" for index in range(5)),
        ADA,
        *(f"50{index:08}" for index in range(4)),
    )
    messages = tuple(bodies.text(f"from {sender}", sender=sender) for sender in senders)
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages)))
    )
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.contacts FOR UPDATE")
        DeliveryLeaser().process_due()
        write("beside it", sender="5199999999")
        DeliveryLeaser().process_due()
    # of its portion with Ada's message the other three
    assert (len(received()), attempts()) == (1 + 4 + 3 + 1, [0])

    with operator_scope():
        assert WebhookDelivery.objects.get(processed_at=None).recorded_items == 4
        WebhookDelivery.objects.filter(processed_at=None).update(due_at="2020-01-01T00:00:00Z")
    work()
    assert (len(received()), attempts()) == (1 + 10 + 1, [])


def test_a_schema_that_does_not_fit_is_blamed_on_nobody(acme_whatsapp, write, work, graph, db_rows):
    write()
    # as while a release is under way
    db_rows.execute("ALTER TABLE messaging.messages RENAME sent_at TO sent_later")
    try:
        with pytest.raises(DatabaseError):
            DeliveryLeaser().process_due()
    finally:
        db_rows.execute("ALTER TABLE messaging.messages RENAME sent_later TO sent_at")
    assert (received(), attempts()) == ([], [0])

    with operator_scope():
        WebhookDelivery.objects.update(due_at="2020-01-01T00:00:00Z")
    work()
    assert received() == ["Hello"]


def test_a_connection_that_breaks_in_mid_batch_costs_no_attempt(
    acme_whatsapp, write, work, graph, settings, db_rows
):
    settings.REPLY_STRATEGY = f"{__name__}.Cuts"
    write()
    with pytest.raises(OperationalError):
        DeliveryLeaser().process_due()

    assert (received(), attempts()) == ([], [0])


CONFLICTS = """
CREATE SEQUENCE messaging.tries;
CREATE FUNCTION messaging.crossed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN
    IF nextval('messaging.tries') <= {times} THEN RAISE EXCEPTION 'crossed'
        USING ERRCODE = '40001'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER crossed BEFORE INSERT
    ON messaging.messages FOR EACH ROW EXECUTE FUNCTION messaging.crossed();
"""


@pytest.fixture
def cross(db_rows):
    """`cross(3)`: the next three times, storing messages conflicts with another transaction."""
    yield lambda times: db_rows.execute(CONFLICTS.format(times=times))
    db_rows.execute("DROP FUNCTION messaging.crossed() CASCADE; DROP SEQUENCE messaging.tries")


def test_what_crosses_others_three_times_is_recorded_in_the_same_turn(
    acme_whatsapp, write, graph, cross
):
    write()
    cross(3)
    DeliveryLeaser().process_due()

    assert (received(), attempts()) == (["Hello"], [])


def test_what_crosses_others_at_every_try_is_put_back_and_blamed_on_nobody(
    acme_whatsapp, write, work, graph, cross
):
    write()
    cross(4)
    DeliveryLeaser().process_due()
    assert (received(), attempts()) == ([], [0])

    with operator_scope():
        WebhookDelivery.objects.update(due_at="2020-01-01T00:00:00Z")
        assert DeadLetter.objects.count() == 0
    work()
    assert received() == ["Hello"]


class Cuts:
    """Breaks the pipeline's connection while a batch is being recorded."""

    def reply_to(self, message: Message) -> None:
        connection.connection.close()


class Unstorable:
    def reply_to(self, message: Message) -> str:
        return "NUL \x00 and a lone surrogate \ud83d"


def test_an_answer_that_no_database_stores_is_cleaned_and_costs_no_message(
    acme, acme_whatsapp, write, work, graph, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.Unstorable"
    write()
    work()

    assert at_path(settings.REPLY_STRATEGY).__class__ is Unstorable
    assert thread_of(acme)[1] == ("outbound", "NUL \ufffd and a lone surrogate \ufffd", "accepted")


class Raising:
    """A provider whose parser has a fault."""

    kind, window = "raising", None

    def parse(self, body: bytes) -> None:
        raise TypeError(body)


def test_a_parser_that_raises_costs_its_own_delivery_alone(
    acme, acme_whatsapp, write, work, graph, monkeypatch
):
    monkeypatch.setitem(registry._providers, "raising", Raising())
    WebhookDelivery.store("raising", b"{}")
    WebhookDelivery.store("carrier_pigeon", b"{}")
    write("beside them")
    work()

    assert received() == ["beside them"]
    with operator_scope():
        assert sorted(DeadLetter.objects.values_list("kind", "reason")) == [
            ("carrier_pigeon", "It could not be parsed (UnknownProvider)."),
            ("raising", "It could not be parsed (TypeError)."),
        ]


class Connects:
    """Connects Globex's channel while the last items of a large delivery are being recorded."""

    def reply_to(self, message: Message) -> None:
        if message.text == "599":
            thread = Thread(target=self.connect)
            thread.start()
            thread.join()

    def connect(self) -> None:
        with operator_scope():
            globex = Tenant.objects.get(slug="globex")
        connect(globex, GLOBEX_NUMBER, GLOBEX_ACCOUNT, "token")
        sweeps.run_sweep(sweeps.requeue_routable)
        connections.close_all()


def test_a_channel_connected_while_a_large_delivery_is_being_recorded_loses_none_of_its_items(
    acme, globex, acme_whatsapp, deliver, work, graph, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.Connects"
    early = bodies.text("early", sender=GRACE)
    many = tuple(bodies.text(f"{index}", sender=f"49{index:08}") for index in range(600))
    deliver(
        bodies.webhook(
            bodies.entry(GLOBEX_ACCOUNT, bodies.value(GLOBEX_NUMBER, messages=(early,))),
            bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=many)),
        )
    )
    leaser = DeliveryLeaser()
    while leaser.process_due():
        pass
    with operator_scope():
        assert (
            Message.objects.filter(direction="inbound").count(),
            DeadLetter.objects.count(),
        ) == (600, 1)
    work()

    assert thread_of(globex) == [("inbound", "early", "received")]
    with operator_scope():
        assert Message.objects.filter(direction="inbound").count() == 601


def test_a_status_of_nobodys_message_never_goes_to_a_channel_that_was_never_connected(
    acme, globex, acme_whatsapp, report, work, db_rows
):
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(status="disconnected")
        Channel.objects.create(
            tenant=globex,
            kind="whatsapp",
            external_id=ACME_NUMBER,
            account_id=ACME_ACCOUNT,
            status="pending",
        )
    report(bodies.status("wamid.unknown", "read"))
    work()

    assert db_rows.execute("SELECT tenant_id FROM messaging.message_statuses").fetchall() == [
        (acme.id,)
    ]
