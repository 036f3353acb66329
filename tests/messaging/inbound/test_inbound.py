"""Deliveries in: what is recorded, once, in which order, with how many statements."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, Conversation, DeadLetter, Message, WebhookDelivery
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

pytestmark = pytest.mark.whatsapp


def test_a_message_delivered_twice_is_stored_and_answered_once(
    acme, acme_whatsapp, write, work, graph
):
    write(wamid="wamid.once")
    write(wamid="wamid.once")
    work()
    write(wamid="wamid.once")
    work()

    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]
    assert len(graph.ledger) == 1


def test_the_same_message_id_on_two_tenants_numbers_is_two_messages(
    acme, globex, acme_whatsapp, globex_whatsapp, write, work, graph
):
    write(wamid="wamid.same")
    write(wamid="wamid.same", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    assert [len(thread_of(acme)), len(thread_of(globex))] == [2, 2]


def test_a_sender_is_known_by_any_id_and_new_ids_join_the_contact(
    acme, acme_whatsapp, deliver, work, graph
):
    bsuid = "US.1001"
    first = bodies.text("with both", sender=ADA, from_user_id=bsuid, from_parent_user_id="US.ENT.1")
    for message in (
        first,
        bodies.text("by number", sender=ADA),
        bodies.text("by user id", sender=bsuid),
    ):
        deliver(
            bodies.webhook(
                bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(message,)))
            )
        )
        work()

    with tenant_scope(acme.id):
        identities = Contact.objects.get().identities.order_by("kind").values_list("kind", "value")
        assert list(identities) == [("bsuid", bsuid), ("parent_bsuid", "US.ENT.1"), ("wa_id", ADA)]
        assert Conversation.objects.count() == 1


def test_a_sender_without_a_phone_number_is_answered_at_the_user_id(
    acme, acme_whatsapp, write, work, graph
):
    write(sender="US.1001")
    work()

    assert [(m["message"].get("to"), m["message"].get("recipient")) for m in graph.ledger] == [
        (None, "US.1001")
    ]


def test_a_contact_is_called_by_the_newest_name_and_keeps_it_where_none_comes(
    acme, acme_whatsapp, deliver, work, graph
):
    for name in ("Ada", "Ada Lovelace", ""):
        value = bodies.value(ACME_NUMBER, messages=(bodies.text(),), name=name)
        deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
        work()

    with tenant_scope(acme.id):
        assert Contact.objects.get().name == "Ada Lovelace"


def test_a_group_message_is_stored_apart_from_the_persons_own_conversation_and_not_answered(
    acme, acme_whatsapp, write, work, graph
):
    write("just me", sender=ADA)
    write("to all", sender=ADA, group_id="group-1")
    work()

    with tenant_scope(acme.id):
        found = Conversation.objects.order_by("group_external_id").values_list(
            "group_external_id", "messages__text"
        )
        assert sorted(found) == [("", REPLY), ("", "just me"), ("group-1", "to all")]
        assert Conversation.objects.get(group_external_id="group-1").window_closes_at is None
    assert len(graph.ledger) == 1


def test_a_type_that_nobody_knows_is_stored_whole_under_its_name(
    acme, acme_whatsapp, deliver, work, graph
):
    hologram = {
        "id": "wamid.h",
        "from": ADA,
        "timestamp": "1790000000",
        "type": "hologram",
        "hologram": {"depth": 3},
    }
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(hologram,))))
    )
    work()

    with tenant_scope(acme.id):
        message = Message.objects.get(direction="inbound")
        assert (message.kind, message.text, message.raw) == ("hologram", "", hologram)


def test_reactions_and_notices_are_stored_and_not_answered(
    acme, acme_whatsapp, deliver, work, graph
):
    for kind in ("reaction", "system", "unsupported", "edit", "revoke", "request_welcome"):
        message = bodies.text() | {"type": kind}
        deliver(
            bodies.webhook(
                bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(message,)))
            )
        )
    work()

    assert [direction for direction, _, _ in thread_of(acme)] == ["inbound"] * 6


def test_the_window_is_counted_from_the_providers_time_and_never_goes_back(
    acme, acme_whatsapp, write, work, graph
):
    newer, older = (
        datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=age) for age in (5, 30)
    )
    write(at=newer.timestamp())
    write(at=older.timestamp())
    work()

    with tenant_scope(acme.id):
        conversation = Conversation.objects.get()
        assert conversation.last_inbound_at == newer
        assert conversation.window_closes_at == newer + timedelta(hours=23, minutes=59)


def test_a_time_in_the_future_counts_as_the_time_of_arrival(
    acme, acme_whatsapp, write, work, graph
):
    before = datetime.now(UTC)
    write(at=before.timestamp() + 7200)
    work()

    with tenant_scope(acme.id):
        assert before <= Message.objects.get(direction="inbound").sent_at <= datetime.now(UTC)


def test_an_old_message_that_comes_again_after_newer_ones_is_not_answered(
    acme, acme_whatsapp, write, work, graph
):
    now = datetime.now(UTC).timestamp()
    write("new", at=now)
    work()
    write("old", at=now - 600)
    work()

    assert thread_of(acme) == [
        ("inbound", "new", "received"),
        ("outbound", REPLY, "accepted"),
        ("inbound", "old", "received"),
    ]


def test_an_answer_older_than_its_time_to_live_expires_and_a_week_old_message_gets_none(
    acme, acme_whatsapp, write, work, graph
):
    now = datetime.now(UTC).timestamp()
    write("yesterday's", sender=ADA, at=now - 3700)
    write("last week's", sender=GRACE, at=now - 8 * 24 * 3600)
    work()

    assert sorted(thread_of(acme)) == [
        ("inbound", "last week's", "received"),
        ("inbound", "yesterday's", "received"),
        ("outbound", REPLY, "expired"),
    ]
    assert graph.ledger == []


def test_a_batch_takes_the_same_statements_for_two_messages_as_for_two_hundred(
    acme, acme_whatsapp, write, work, graph
):
    write("the first, which the channel's own number is learned from")
    DeliveryLeaser().process_due()
    counts = []
    for amount in (2, 200):
        for index in range(amount):
            write(f"message {index}", sender=f"49{amount}{index:06}")
        with CaptureQueriesContext(connection) as queries:
            assert DeliveryLeaser().process_due() == amount
        counts.append(len(queries))

    assert counts[0] == counts[1]
    with operator_scope():
        assert Message.objects.filter(direction="inbound").count() == 203


def test_items_beyond_one_transactions_locks_are_recorded_in_several(
    acme, acme_whatsapp, deliver, work, graph, settings
):
    messages = tuple(bodies.text(f"{index}", sender=f"49{index:08}") for index in range(1200))
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages)))
    )
    leaser = DeliveryLeaser()
    with CaptureQueriesContext(connection) as queries:
        while leaser.process_due():
            pass

    locks = [query for query in queries if "pg_advisory_xact_lock" in query["sql"]]
    assert len(locks) == 6
    with operator_scope():
        assert Message.objects.filter(direction="inbound").count() == 1200
        assert WebhookDelivery.objects.filter(processed_at=None).count() == 0


def test_an_item_the_database_refuses_stands_alone_and_its_neighbours_go_on(
    acme, acme_whatsapp, deliver, work, graph, db_rows
):
    db_rows.execute(
        "ALTER TABLE messaging.messages ADD CONSTRAINT no_poison CHECK (text <> 'poison') NOT VALID"
    )
    try:
        messages = tuple(
            bodies.text("poison" if index == 7 else f"{index}", sender=f"49{index:08}")
            for index in range(20)
        )
        deliver(
            bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages)))
        )
        work()
    finally:
        db_rows.execute("ALTER TABLE messaging.messages DROP CONSTRAINT no_poison")

    with operator_scope():
        assert Message.objects.filter(direction="inbound").count() == 19
        letter = DeadLetter.objects.get()
        assert (letter.cause, letter.reason, letter.position) == (
            "rejected",
            "It could not be recorded (23514).",
            7,
        )
        assert json.loads(letter.item)["text"]["body"] == "poison"
        assert WebhookDelivery.objects.get().error == "1 rejected"


def test_a_delivery_that_stops_its_process_again_and_again_is_set_aside_with_its_bytes(
    acme_whatsapp, write, work, graph, db_rows, caplog
):
    write("fatal")
    db_rows.execute("UPDATE messaging.webhook_deliveries SET attempts = 4")
    work()

    with operator_scope():
        told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
        assert told == [
            f"Delivery {WebhookDelivery.objects.get().id} was given up after 4 attempts."
        ]
        assert DeadLetter.objects.get().reason == "Processing it did not come to an end 4 times."
        delivery = WebhookDelivery.objects.get()
        assert (delivery.error, b"fatal" in bytes(delivery.body)) == ("1 rejected", True)
        assert delivery.processed_at is not None
        assert Message.objects.count() == 0


def test_a_lease_left_by_a_killed_worker_runs_out_and_the_delivery_is_taken_again(
    acme, acme_whatsapp, write, work, graph, db_rows
):
    write("left behind")
    assert len(DeliveryLeaser().lease()) == 1  # and the worker is killed here
    work()
    assert thread_of(acme) == []

    # 30 seconds later
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"
    )
    work()
    assert thread_of(acme)[0] == ("inbound", "left behind", "received")
