"""One message's or one channel's trouble is not the others'."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import ChannelPace, Message
from messaging.outbound import dispatch
from messaging.outbound.dispatcher import NIL, Dispatcher
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


def run(dispatcher: Dispatcher, steps: int) -> None:
    for _ in range(steps):
        dispatcher.step()
        dispatcher.wait_for_answers(0.2)


def connect_and_write(
    tenant: Tenant, write: Any, *, numbers: int, senders: list[str]
) -> list[UUID]:
    """So many numbers of the tenant, a message of each sender to each of them, recorded. The
    channels' ids, in their order.
    """
    names = [f"40000000000006{number}" for number in range(numbers)]
    channels = sorted(connect(tenant, name, ACME_ACCOUNT, "token").id for name in names)
    for name in names:
        for sender in senders:
            write(sender=sender, number=name)
    while DeliveryLeaser().process_due():
        pass
    return channels


def run_until(dispatcher: Dispatcher, wanted: dict[str, str], steps: int = 12) -> bool:
    """Whether these are the statuses after so many steps at most."""
    for _ in range(steps):
        if statuses() == wanted:
            return True
        run(dispatcher, 1)
    return statuses() == wanted


def statuses() -> dict[str, str]:
    with operator_scope():
        return dict(Message.objects.filter(direction="outbound").values_list("recipient", "status"))


def test_a_locked_message_holds_up_its_own_outcome_alone(
    acme_whatsapp, write, work, graph, database_name
):
    write(sender=ADA)
    write(sender=GRACE)
    DeliveryLeaser().process_due()
    graph.script.extend([{"delay": 0.5}, {"delay": 0.5}])
    dispatcher = Dispatcher(senders=8)
    dispatcher.step()
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute(
            "SELECT FROM messaging.messages WHERE recipient = %s AND direction = 'outbound' FOR"
            " UPDATE",
            [ADA],
        )
        assert run_until(dispatcher, {ADA: "sending", GRACE: "accepted"}) is True
        write(sender="4670000099")
        DeliveryLeaser().process_due()
        assert (
            run_until(dispatcher, {ADA: "sending", GRACE: "accepted", "4670000099": "accepted"})
            is True
        )
    assert (
        run_until(dispatcher, {ADA: "accepted", GRACE: "accepted", "4670000099": "accepted"})
        is True
    )
    dispatcher.stop()


def test_a_number_that_hangs_leaves_senders_for_the_others(
    acme_whatsapp, globex_whatsapp, write, work, graph, settings
):
    settings.SEND_TIMEOUT_SECONDS = 3
    graph.script.extend([{"then": "hang"}] * 2)
    for index in range(20):
        write(sender=f"46700005{index:02}")
    DeliveryLeaser().process_due()
    dispatcher = Dispatcher(senders=16)
    run(dispatcher, 3)
    assert (len(graph.ledger), len(dispatcher.under_way)) == (2, 2)

    write(sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    DeliveryLeaser().process_due()
    run(dispatcher, 3)
    assert statuses()[GRACE] == "accepted"
    dispatcher.stop()


def test_a_number_alone_has_three_quarters_of_the_senders_and_leaves_the_rest_to_who_comes(
    acme_whatsapp, globex_whatsapp, write, graph, db_rows
):
    graph.script.extend([{"delay": 2}] * 12)
    for index in range(20):
        write(sender=f"46700005{index:02}")
    DeliveryLeaser().process_due()
    prove(acme_whatsapp, db_rows)
    dispatcher = Dispatcher(senders=16)
    run(dispatcher, 3)
    assert len(dispatcher.under_way) == 12

    for index in range(8):
        write(sender=f"46700006{index:02}", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    DeliveryLeaser().process_due()
    prove(globex_whatsapp, db_rows)
    run(dispatcher, 1)
    assert Counter(dispatcher.under_way.values()) == {acme_whatsapp.id: 12, globex_whatsapp.id: 4}
    dispatcher.stop()


def prove(channel: Channel, db_rows: Any) -> None:
    """The channel has answered just now, and as often as it may send in a second."""
    dispatch.open_together([{"channel_id": channel.id, "tenant_id": channel.tenant_id}])
    proven = "UPDATE messaging.channel_paces SET slots = 80, proven_at = now()"
    db_rows.execute(f"{proven} WHERE channel_id = %s", [channel.id])


def test_no_more_is_under_way_than_there_are_senders(acme, write, graph):
    connect_and_write(acme, write, numbers=4, senders=[ADA])
    graph.script.extend([{"delay": 1}] * 2)
    dispatcher = Dispatcher(senders=2)
    run(dispatcher, 3)

    with operator_scope():
        marked = Message.objects.filter(status="sending").count()
    assert (len(dispatcher.under_way), marked) == (2, 2)
    dispatcher.stop()


def test_a_wait_that_the_provider_asks_for_ends_with_the_answers_time_to_live(
    acme_whatsapp, write, work, graph
):
    graph.script.append({"code": 130429, "http": 429, "headers": {"Retry-After": "86400"}})
    write()
    work()

    with operator_scope():
        message = Message.objects.get(direction="outbound")
    assert (message.status, message.due_at) == ("queued", message.expires_at)
    assert message.due_at <= datetime.now(UTC) + timedelta(hours=1)


def test_every_channel_has_its_turn_before_the_first_has_its_second(acme, write, graph):
    channels = connect_and_write(acme, write, numbers=5, senders=[ADA, GRACE, "4670000099"])
    turns, after = [], NIL
    for _ in range(2):
        turn = dispatch.lease(uuid7(), after=after, at_most=3, per_channel=8, under_way=Counter())
        turns.append(sorted({message.channel_id for message in turn.messages}))
        after = turn.reached
        with operator_scope():
            # none rests any more
            ChannelPace.objects.update(ready_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert (turns, after) == ([channels[:3], channels[3:]], None)


def test_channels_whose_messages_other_processes_have_hide_no_other(acme, write, graph, db_rows):
    channels = connect_and_write(acme, write, numbers=6, senders=[ADA, GRACE, "4670000099"])
    db_rows.execute(
        """UPDATE messaging.messages SET lease = gen_random_uuid(),
            due_at = now() + interval '30 seconds'
           WHERE status = 'queued' AND recipient <> '4670000099' AND channel_id <> %s""",
        [channels[-1]],
    )
    dispatcher = Dispatcher(senders=1)

    assert (dispatcher.step(), list(dispatcher.under_way.values())) == (True, [channels[-1]])
    dispatcher.stop()


def test_after_the_last_channel_the_first_has_its_turn_at_once(acme_whatsapp, write, graph):
    write()
    DeliveryLeaser().process_due()
    dispatcher = Dispatcher(senders=1)
    dispatcher.after = acme_whatsapp.id  # whose turn was the last

    assert (dispatcher.step(), list(dispatcher.under_way.values())) == (True, [acme_whatsapp.id])
    dispatcher.stop()
