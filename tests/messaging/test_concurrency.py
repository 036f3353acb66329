"""Many at once: real threads, real connections, real commits."""

import random

import pytest

from messaging.inbound.leasing import DeliveryLeaser, process
from messaging.models import Contact, Conversation, Message, MessageStatus
from messaging.outbound.dispatcher import Dispatcher
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY, thread_of
from tests.support.together import at_once, deadlocks, process_all
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

DUE = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"


def test_64_identical_deliveries_at_once_are_one_message_and_one_reply(
    acme, acme_whatsapp, deliver, work, graph
):
    body = bodies.webhook(
        bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(bodies.text("once"),)))
    )
    responses = at_once(lambda _: deliver(body).status_code, times=64, threads=64)
    process_all(threads=4)
    work()

    assert responses == [200] * 64
    assert thread_of(acme) == [("inbound", "once", "received"), ("outbound", REPLY, "accepted")]
    assert len(graph.ledger) == 1


def test_24_first_messages_of_one_sender_are_one_contact_one_conversation_and_24_replies_in_order(
    acme, acme_whatsapp, deliver, work, graph
):
    def write_and_process(index: int) -> int:
        message = bodies.text(f"message {index}", sender=ADA)
        response = deliver(
            bodies.webhook(
                bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(message,)))
            )
        )
        DeliveryLeaser().process_due()
        return response.status_code

    with operator_scope():
        Tenant.objects.update(replies_per_hour=24)
    assert at_once(write_and_process, times=24, threads=8) == [200] * 24
    process_all(threads=2)
    work()

    with operator_scope():
        assert (Contact.objects.count(), Conversation.objects.count()) == (1, 1)
        replies = list(Message.objects.filter(direction="outbound").order_by("seq"))
        assert [reply.status for reply in replies] == ["accepted"] * 24
        assert [reply.external_id for reply in replies] == [
            entry["wamid"] for entry in graph.ledger
        ]
    seen = [text for direction, text, _ in thread_of(acme) if direction == "inbound"]
    assert sorted(seen) == sorted(f"message {index}" for index in range(24))


def test_senders_who_share_ids_crosswise_never_deadlock_their_batches(
    acme, acme_whatsapp, deliver, graph
):
    for round_ in range(20):
        for pair in ((0, 1), (1, 0)):
            messages = tuple(
                bodies.text(f"{round_}", sender=f"467000010{each}", from_user_id=f"SE.{each}")
                for each in pair
            )
            deliver(
                bodies.webhook(
                    bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages))
                )
            )
    process_all(threads=6)

    with operator_scope():
        assert Message.objects.filter(direction="inbound").count() == 80
        assert Contact.objects.count() == 2


def test_120_overlapping_batches_of_statuses_end_with_the_highest_and_never_deadlock(
    acme, acme_whatsapp, write, report, work, graph, database_name, superuser
):
    for index in range(20):
        write(sender=f"46700002{index:02}")
    work()
    wamids = [entry["wamid"] for entry in graph.ledger]
    for round_ in range(40):
        shuffled = random.Random(round_).sample(wamids, len(wamids))
        for word in ("read", "sent", "delivered"):
            # each batch stores statuses of its own, so that they meet at the messages alone
            member = f"{word} {round_}"
            report(
                *(bodies.status(wamid, word, recipient_participant_id=member) for wamid in shuffled)
            )
    before = deadlocks(superuser, database_name)
    leased = DeliveryLeaser().lease()
    assert len(leased) == 120
    at_once(lambda index: process([leased[index]]), times=120, threads=8)
    # On a slow machine one may have waited for its locks for too long: it is processed again.
    superuser.execute(DUE)
    process_all(threads=8)

    with operator_scope():
        assert set(
            Message.objects.filter(direction="outbound").values_list("status", flat=True)
        ) == {"read"}
        assert MessageStatus.objects.count() == 2400
    assert deadlocks(superuser, database_name) == before


def test_many_dispatchers_send_each_message_once(acme, acme_whatsapp, write, work, graph):
    for index in range(40):
        write(sender=f"46700003{index:02}")
    process_all(threads=2)

    def is_any_unsent() -> bool:
        with operator_scope():
            return Message.objects.filter(status__in=["queued", "sending"]).exists()

    def dispatch(_: int) -> None:
        dispatcher = Dispatcher(senders=4)
        # one that has nothing to do now may have something to do when the channel has rested
        while dispatcher.step() or dispatcher.is_busy() or is_any_unsent():
            dispatcher.wait_for_answers(0.05)
        dispatcher.stop()

    at_once(dispatch, times=4, threads=4)

    assert sorted(entry["message"]["to"] for entry in graph.ledger) == [
        f"46700003{index:02}" for index in range(40)
    ]
    with operator_scope():
        assert set(
            Message.objects.filter(direction="outbound").values_list("status", "attempts")
        ) == {("accepted", 1)}
