"""After a failover that lost the last commits: what may have left already is not sent again."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance.failover import MAY_HAVE_LEFT
from messaging.models import Attempt, Message, Resend, WorkerHeartbeat
from messaging.references import reference
from tenants.scope import operator_scope, router_scope
from tests.support.cast import ADA, GRACE, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

IN_TEN_MINUTES = "UPDATE messaging.messages SET due_at = now() + interval '10 minutes'"
IN_A_WHILE = "UPDATE messaging.messages SET due_at = now() + interval '50 seconds'"
LEASED = """UPDATE messaging.webhook_deliveries
    SET due_at = now() + interval '30 seconds', attempts = 1"""
LEASED_TO_BE_SENT = """UPDATE messaging.messages
    SET due_at = now() + interval '90 seconds', lease = gen_random_uuid()"""
OURS = " WHERE direction = 'outbound'"


def hold(before: datetime, *arguments: str) -> dict[str, int]:
    """What the command counts."""
    told = StringIO()
    call_command("hold_recent_sends", *arguments, before=before, stdout=told, stderr=StringIO())
    said = json.loads(told.getvalue())
    return {what: number for what, number in said.items() if what != "before"}


def answers(tenant) -> list[str]:
    return [status for direction, _, status in thread_of(tenant) if direction == "outbound"]


def message() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


@pytest.fixture
def answered(acme_whatsapp, write, graph) -> datetime:
    """An answer to Ada is queued, as the new server has it; when it took over."""
    write("Hello", sender=ADA)
    assert DeliveryLeaser().process_due() == 1
    return timezone.now()


def test_what_waits_since_before_is_unknown_with_its_attempt_and_what_came_since_leaves(
    acme, answered, write, work, graph
):
    write("Good evening", sender=GRACE)

    assert hold(answered) == {"webhooks_waiting": 0, "messages_unknown": 1}
    assert sorted(answers(acme)) == ["queued", "unknown"]
    with operator_scope():
        held = Message.objects.get(status="unknown")
        (attempt,) = Attempt.objects.values_list("message_id", "number", "outcome", "error")
    assert attempt == (held.id, 1, "unknown", MAY_HAVE_LEFT)
    assert (held.attempts, held.due_at, held.error) == (1, None, MAY_HAVE_LEFT)

    work()
    assert sorted(answers(acme)) == ["accepted", "unknown"]
    assert [entry["message"]["to"] for entry in graph.ledger] == [GRACE]


@pytest.mark.parametrize("how", [None, LEASED], ids=["that waits", "that a worker had leased"])
def test_a_webhook_from_before_is_recorded_and_its_answer_held(
    acme, acme_whatsapp, write, work, graph, db_rows, how
):
    write("Hello", sender=ADA)
    if how:
        db_rows.execute(how)
    before = timezone.now()

    assert hold(before) == {"webhooks_waiting": 0, "messages_unknown": 1}
    work()

    assert ([each[0] for each in thread_of(acme)], answers(acme)) == (
        ["inbound", "outbound"],
        ["unknown"],
    )
    assert graph.ledger == []


@pytest.mark.parametrize("how", [IN_A_WHILE, LEASED_TO_BE_SENT])
def test_what_waits_behind_another_or_is_leased_is_held_too(acme, answered, db_rows, how):
    db_rows.execute(how + OURS)

    assert hold(answered)["messages_unknown"] == 1


def test_what_was_not_due_before_is_left(acme, answered, db_rows):
    db_rows.execute(IN_TEN_MINUTES + OURS)

    assert (hold(answered)["messages_unknown"], answers(acme)) == (0, ["queued"])


@pytest.mark.parametrize(
    ("channel", "held", "status"), [("live", 1, "unknown"), ("needs_reauth", 0, "held")]
)
def test_what_is_held_may_have_left_by_a_channel_that_may_send(
    acme, answered, db_rows, channel, held, status
):
    db_rows.execute("UPDATE messaging.messages SET status = 'held', due_at = '9999-01-01Z'" + OURS)
    db_rows.execute("UPDATE messaging.channels SET status = %s", [channel])

    assert (hold(answered)["messages_unknown"], answers(acme)) == (held, [status])


def test_a_status_of_the_attempt_that_was_lost_settles_it(acme, answered, work, report):
    hold(answered)
    told = reference(message().id, 1)
    report(bodies.status("wamid.lost", "delivered", biz_opaque_callback_data=told))
    work()

    assert (answers(acme), message().external_id) == (["delivered"], "wamid.lost")


def test_an_operator_sends_it_again(acme, answered, work, graph):
    hold(answered)
    with operator_scope():
        assert Resend.objects.order([message_id()], by="Olga") == [message_id()]
    work()

    assert (answers(acme), len(graph.ledger)) == (["accepted"], 1)


def message_id():
    return Message.objects.values_list("id", flat=True).get(direction="outbound")


def test_what_came_since_does_not_wait_behind_it(acme, answered, write, work, graph):
    write("And?", sender=ADA)
    hold(answered)
    work()

    assert sorted(answers(acme)) == ["accepted", "unknown"]


def test_a_dry_run_counts_and_changes_nothing(acme, answered, write):
    write("Good evening", sender=GRACE)
    before = timezone.now()

    counted = {"webhooks_waiting": 1, "messages_uncertain": 1}
    assert [hold(before, "--dry-run") for _ in range(2)] == [counted] * 2
    assert answers(acme) == ["queued"]


def test_it_may_be_repeated(acme, answered):
    assert [hold(answered)["messages_unknown"] for _ in range(2)] == [1, 0]


def test_beside_a_worker_it_does_nothing(acme, answered):
    with router_scope():
        WorkerHeartbeat.objects.beat(uuid7())

    with pytest.raises(CommandError, match="Stop every worker, wait 30 seconds"):
        hold(answered)
    assert answers(acme) == ["queued"]


def test_beside_a_worker_it_does_nothing_though_the_operators_clock_is_ahead(acme, answered):
    with router_scope():
        WorkerHeartbeat.objects.beat(uuid7())

    with (
        time_machine.travel(timezone.now() + timedelta(hours=1)),
        pytest.raises(CommandError, match="Stop every worker, wait 30 seconds"),
    ):
        hold(answered)
    assert answers(acme) == ["queued"]


def test_a_moment_that_has_not_come_is_refused(acme, answered):
    with router_scope():
        WorkerHeartbeat.objects.beat(uuid7())

    with pytest.raises(CommandError, match="--before is later than now"):
        hold(timezone.now() + timedelta(hours=1))
    assert answers(acme) == ["queued"]


def test_a_worker_of_the_server_before_is_no_hindrance(acme, answered):
    with router_scope():
        WorkerHeartbeat.objects.beat(uuid7())

    assert hold(timezone.now() + timedelta(seconds=1))["messages_unknown"] == 1


def test_a_server_that_never_followed_another_is_to_be_told_when_it_took_over(acme, answered):
    with pytest.raises(CommandError, match="This server does not know when it took over"):
        call_command("hold_recent_sends")
    assert answers(acme) == ["queued"]
