"""Two machines do not answer each other for ever: a contact gets as many automatic replies an hour
as its tenant allows.
"""

import pytest

from channels_app.models import Channel
from messaging.models import Message
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


def answers(recipient: str = ADA) -> int:
    with operator_scope():
        return Message.objects.filter(direction="outbound", recipient=recipient).count()


def received() -> int:
    with operator_scope():
        return Message.objects.filter(direction="inbound").count()


def allow(count: int) -> None:
    with operator_scope():
        Tenant.objects.update(replies_per_hour=count)


def test_of_a_hundred_messages_in_an_hour_ten_are_answered_and_all_are_stored(
    acme_whatsapp, write, work, graph
):
    for _ in range(10):
        write(*["Hello, I am a machine"] * 10)
        work()

    assert (received(), answers(), len(graph.ledger)) == (100, 10, 10)


@pytest.mark.parametrize(("allowed", "expected"), [(0, 0), (3, 3), (12, 12)])
def test_the_tenant_says_how_many(acme_whatsapp, write, work, graph, allowed, expected):
    allow(allowed)
    write(*["Hello"] * 20)
    work()

    assert answers() == expected


def test_a_limit_that_was_lowered_counts_what_was_answered_before(
    acme_whatsapp, write, work, graph
):
    allow(3)
    write(*["Hello"] * 3)
    work()
    allow(1)
    write("Hello again")
    work()

    assert (received(), answers()) == (4, 3)


def test_it_counts_each_contact_for_itself(acme_whatsapp, write, work, graph):
    allow(1)
    write(sender=ADA)
    write(sender=GRACE)
    write(sender=ADA)
    work()

    assert (answers(ADA), answers(GRACE)) == (1, 1)


def test_it_counts_a_contact_on_all_the_tenants_numbers(acme, acme_whatsapp, write, work, graph):
    allow(1)
    connect(acme, "400000000000031", ACME_ACCOUNT, "token")
    write(sender=ADA)
    work()
    write(sender=ADA, number="400000000000031")
    work()

    assert (received(), answers(ADA)) == (2, 1)


def test_the_next_hour_is_a_new_one(acme_whatsapp, write, work, graph, db_rows):
    allow(1)
    write()
    work()
    db_rows.execute("UPDATE messaging.messages SET created_at = created_at - interval '61 minutes'")
    write()
    work()

    assert answers() == 2


def test_what_is_not_answered_for_another_reason_does_not_count(
    acme_whatsapp, deliver, write, work, graph
):
    allow(1)
    reaction = {
        **bodies.text(),
        "type": "reaction",
        "reaction": {"message_id": "wamid.x", "emoji": "x"},
    }
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(reaction,))))
    )
    write()
    work()

    assert (received(), answers()) == (2, 1)
    with operator_scope():
        assert Channel.objects.count() == 1
