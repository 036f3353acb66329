"""A row that somebody holds locked holds up its own channel or conversation, and nobody else's."""

import time

import pytest

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Conversation, Message
from messaging.outbound.dispatcher import Dispatcher
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

ROUNDS = 6
AT_MOST_SECONDS = 5  # waits for a lock end after 2


def statuses() -> dict[str, str]:
    with operator_scope():
        return dict(Message.objects.filter(direction="outbound").values_list("recipient", "status"))


def go_on(dispatcher: Dispatcher) -> None:
    for _ in range(ROUNDS):
        dispatcher.step()
        dispatcher.wait_for_answers(0.2)


def write_to_globex(write) -> None:
    write(sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    DeliveryLeaser().process_due()


def test_a_refused_channel_that_is_locked_is_parked_later_and_stops_no_other(
    acme_whatsapp, globex_whatsapp, write, graph, other
):
    write(sender=ADA)
    DeliveryLeaser().process_due()
    graph.script.append({"code": 190, "http": 401})
    dispatcher = Dispatcher(senders=8)
    other.execute(
        "SELECT FROM messaging.channels WHERE id = %s FOR NO KEY UPDATE", [acme_whatsapp.id]
    )
    dispatcher.step()
    write_to_globex(write)
    go_on(dispatcher)
    assert statuses() == {ADA: "sending", GRACE: "accepted"}

    other.rollback()
    go_on(dispatcher)
    dispatcher.stop()
    assert statuses() == {ADA: "held", GRACE: "accepted"}
    with operator_scope():
        assert Channel.objects.get(id=acme_whatsapp.id).status == "needs_reauth"


def test_a_closed_window_whose_conversation_is_locked_stops_no_other(
    acme_whatsapp, globex_whatsapp, write, graph, other
):
    write(sender=ADA)
    DeliveryLeaser().process_due()
    graph.script.append({"code": 131047})
    dispatcher = Dispatcher(senders=8)
    with operator_scope():
        locked = Conversation.objects.get().id
    other.execute("SELECT FROM messaging.conversations WHERE id = %s FOR NO KEY UPDATE", [locked])
    dispatcher.step()
    write_to_globex(write)
    go_on(dispatcher)
    dispatcher.stop()

    assert statuses() == {ADA: "failed", GRACE: "accepted"}


def test_statuses_that_would_park_a_locked_channel_hold_up_nothing_that_came_with_them(
    acme_whatsapp, write, report, work, graph, other
):
    for index in range(12):
        write(sender=f"46700001{index:02}")
    work()
    failed = [
        bodies.status(entry["wamid"], "failed", errors=[{"code": 131031}]) for entry in graph.ledger
    ]
    report(*failed)
    other.execute(
        "SELECT FROM messaging.channels WHERE id = %s FOR NO KEY UPDATE", [acme_whatsapp.id]
    )
    began = time.monotonic()
    DeliveryLeaser().process_due()

    assert time.monotonic() - began < AT_MOST_SECONDS
    assert set(statuses().values()) == {"failed"}


def test_a_channel_whose_pace_another_process_is_opening_stops_no_other(
    acme_whatsapp, globex_whatsapp, write, graph, other
):
    write(sender=ADA)
    write_to_globex(write)
    other.execute(
        """INSERT INTO messaging.channel_paces (id, tenant_id, channel_id, ready_at, slots,
            leased_at)
           VALUES (gen_random_uuid(), %s, %s, 'epoch', 2, now())""",
        [acme_whatsapp.tenant_id, acme_whatsapp.id],
    )
    dispatcher = Dispatcher(senders=8)
    go_on(dispatcher)
    assert statuses() == {ADA: "queued", GRACE: "accepted"}

    other.rollback()
    go_on(dispatcher)
    dispatcher.stop()
    assert statuses() == {ADA: "accepted", GRACE: "accepted"}


def test_channels_that_may_not_send_just_now_hide_none_behind_them(
    acme, globex, write, graph, db_rows
):
    """More of them than one lease looks at; in each a message waits behind one that is tried again
    later.
    """
    db_rows.execute(
        """INSERT INTO messaging.channels
               (id, tenant_id, kind, external_id, account_id, name, status, status_reason,
                   credentials, auto_reply,
                connected_at, created_at)
           SELECT gen_random_uuid(), %s, 'whatsapp', 'number ' || n, '', '', 'live', '', '', '',
               now(), now()
           FROM generate_series(1, 40) n""",
        [acme.id],
    )
    db_rows.execute(
        """WITH people AS (
               INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
               SELECT id, tenant_id, '', now() FROM messaging.channels RETURNING id, tenant_id)
           INSERT INTO messaging.conversations (id, tenant_id, channel_id, contact_id,
               group_external_id, status, last_seq,
                                                last_message_at, created_at)
           SELECT id, tenant_id, id, id, '', 'open', 4, now(), now() FROM people"""
    )
    newest = db_rows.execute(
        "SELECT id FROM messaging.channels ORDER BY id DESC LIMIT 1"
    ).fetchone()
    for seq, due in ((2, "now() + interval '1 hour'"), (4, "now()")):
        db_rows.execute(
            f"""INSERT INTO messaging.messages
                    (id, tenant_id, channel_id, conversation_id, direction, kind, text, status,
                        recipient, seq, attempts,
                     error_code, error, due_at, created_at)
                SELECT gen_random_uuid(), tenant_id, id, id, 'outbound', 'text', '', 'queued',
                    '46', {seq}, 0, '', '', {due},
                       now()
                FROM messaging.channels WHERE NOT (id = %s AND {seq} = 2)""",
            newest,
        )
    dispatcher = Dispatcher(senders=4)  # a lease looks at eight channels
    while not dispatcher.leased and dispatcher.fetch():
        pass

    with operator_scope():
        assert list(
            Message.objects.filter(id__in=dispatcher.leased).values_list("channel_id", flat=True)
        ) == [*newest]
    dispatcher.stop()
