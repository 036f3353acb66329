"""Operators see how many conversations wait for a person, and are told of reply strategies that
fail and of answers that nobody works on. Who waits for a tenant's own people is a number, no
problem.
"""

import io
import json
from contextlib import suppress

import pytest
import requests
from django.core.management import CommandError, call_command

from messaging.conversations import state
from messaging.maintenance import tasks
from messaging.models import Conversation
from messaging.models.answering import UNTIL_HANDED_BACK
from messaging.monitoring import exposition, problems
from messaging.replies import choosing
from tenants.scope import operator_scope, tenant_scope
from tests.messaging.monitoring.running import RUNNING
from tests.support.cast import ADA
from tests.support.replies import answer_what_is_due, choose

pytestmark = pytest.mark.whatsapp

OF_THIS_MACHINE = "http://127.0.0.1:9/"  # where no strategy may ask
THREE_MINUTES_AGO = "now() - interval '3 minutes'"
PEOPLE = ("15550000001", "15550000002", "15550000003")


@pytest.fixture
def everything_runs(db_rows):
    for statement in RUNNING:
        db_rows.execute(statement)


@pytest.fixture
def acmes_service(acme, acme_whatsapp, settings):
    """Acme has chosen a strategy that asks a service at an address that is refused."""
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
    settings.DEFERRED_REPLY_WAIT_SECONDS = 0
    choose(acme, "service", url=OF_THIS_MACHINE)


@pytest.fixture
def gauges(web, settings):
    def gauges() -> dict[str, float]:
        settings.METRICS_TOKEN = "metrics-token-of-the-tests"
        exposition.state.kept_until = 0
        bearer = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
        text = requests.get(f"{web}/metrics", headers=bearer, timeout=10).text
        lines = (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")
        return {name: float(value) for name, _, value in lines}

    return gauges


def told() -> list[tuple[str, str]]:
    """The kind of each problem, and what is said of it."""
    return [(problem.kind, f"{problem.whose}: {problem.said}") for problem in problems.current()]


def counts() -> tuple[dict[str, int], list[tuple[str, int]]]:
    """What `status` counts, and the tenants that are waited for."""
    written = io.StringIO()
    with suppress(CommandError):
        call_command("status", "--json", stdout=written)
    found = json.loads(written.getvalue())
    numbers = {what: row["number"] for what, row in found["counts"].items() if row["number"]}
    return numbers, [(row["tenant"], row["number"]) for row in found["waiting_for_a_person"]]


def all_write(write, work, people=PEOPLE) -> None:
    for person in people:
        write("Is my parcel on its way?", sender=person)
    work()


def test_conversations_that_wait_for_a_person_are_counted_by_tenant_and_are_no_problem(
    acme_whatsapp, globex_whatsapp, everything_runs, write, work, gauges, db_rows
):
    all_write(write, work)
    with operator_scope():
        ids = list(Conversation.objects.order_by("id").values_list("tenant_id", "id"))
    for tenant_id, id in ids[:2]:
        with tenant_scope(tenant_id):
            state.hand_over(id)
    with tenant_scope(ids[2][0]):
        state.take(ids[2][1])
    db_rows.execute(
        "UPDATE messaging.conversations SET waiting_since = waiting_since - interval '2 hours'"
    )

    numbers, tenants = counts()
    found = gauges()
    assert (numbers["conversations that wait for a person"], tenants) == (2, [("Acme", 2)])
    assert found['messaging_waiting{what="conversations_waiting"}'] == 2
    assert 7200 <= found["messaging_oldest_conversation_waiting_seconds"] < 7300
    assert told() == []


def test_a_conversation_that_automation_has_again_waits_no_longer(
    acme_whatsapp, everything_runs, write, work, gauges, db_rows
):
    all_write(write, work)
    db_rows.execute(
        "UPDATE messaging.conversations SET waiting_because = 'order', waiting_since = now(),"
        " replies_paused_until = now() - interval '1 second'"
    )

    numbers, tenants = counts()
    assert ("conversations that wait for a person" in numbers, tenants) == (False, [])
    assert gauges()['messaging_waiting{what="conversations_waiting"}'] == 0


def test_waits_end_once_automation_has_the_conversation_again_a_portion_at_a_time(
    acme_whatsapp, write, work, db_rows, monkeypatch
):
    monkeypatch.setattr(tasks, "WAITS", 1)
    all_write(write, work)
    db_rows.execute(
        "UPDATE messaging.conversations SET waiting_because = 'order', waiting_note = 'A refund.',"
        " waiting_since = now(), replies_paused_until = now() - interval '1 second'"
    )
    with operator_scope():
        Conversation.objects.filter(contact__identities__value=PEOPLE[0]).update(
            replies_paused_until=UNTIL_HANDED_BACK
        )
    tasks.end_waits(timestamp=0)

    with operator_scope():
        rows = Conversation.objects.order_by("waiting_because")
        told = [(row.waiting_because, row.waiting_note, bool(row.waiting_since)) for row in rows]
    assert told == [("", "", False), ("", "", False), ("order", "A refund.", True)]


def test_a_strategy_that_fails_three_times_in_a_day_is_told_with_its_name_and_whose_it_is(
    acmes_service, everything_runs, write, work, gauges, db_rows
):
    all_write(write, work, PEOPLE[:2])
    answer_what_is_due()
    at_first = told()
    all_write(write, work, PEOPLE[2:])
    answer_what_is_due()

    said = (
        "Acme · WhatsApp +15550100001: Messages that the reply strategy service owed an answer in"
        " the last day: 3. People are asked."
    )
    assert (at_first, told()) == ([], [("strategy_fails", said)])
    assert counts()[0]["messages that a reply strategy owed an answer in the last day"] == 3
    found = gauges()
    assert found['messaging_problems{kind="strategy_fails"}'] == 1
    assert found['messaging_waiting{what="replies_owed"}'] == 3
    db_rows.execute("UPDATE messaging.messages SET created_at = created_at - interval '25 hours'")
    assert told() == []


def test_a_strategy_that_hangs_is_told_as_one_that_fails(
    acmes_service, everything_runs, write, work, db_rows
):
    all_write(write, work)
    db_rows.execute("UPDATE messaging.deferred_replies SET deadline = now()")
    answer_what_is_due()

    assert [kind for kind, _ in told()] == ["strategy_fails"]


def test_a_strategy_that_was_chosen_since_is_not_told_for_what_another_owed(
    acme, acmes_service, everything_runs, write, work
):
    all_write(write, work)
    answer_what_is_due()
    before = [kind for kind, _ in told()]
    with operator_scope():
        choosing.choose(acme.id, None, "static", {})

    assert (before, told()) == (["strategy_fails"], [])


@pytest.mark.parametrize("strategy", ["Fails", "Nonsense"])
def test_the_strategy_of_all_channels_is_told_for_each_that_it_fails_on(
    acme_whatsapp, everything_runs, write, work, settings, strategy
):
    strategy = settings.REPLY_STRATEGY = f"tests.messaging.monitoring.strategies.{strategy}"
    all_write(write, work)

    said = f"Messages that the reply strategy {strategy} owed an answer in the last day: 3."
    assert [(kind, said in words) for kind, words in told()] == [("strategy_fails", True)]


def test_what_fails_on_a_test_channel_is_no_problem(
    acmes_service, everything_runs, write, work, db_rows
):
    all_write(write, work)
    answer_what_is_due()
    as_if = "is_test = true, external_id = %(id)s, account_id = %(id)s"
    db_rows.execute(f"UPDATE messaging.channels SET {as_if}", {"id": f"test-{0:032}"})

    assert told() == []


def test_answers_that_nobody_works_on_are_told_after_two_minutes(
    acmes_service, everything_runs, write, work, gauges, db_rows
):
    write("Is my parcel on its way?", sender=ADA)
    work()
    at_first = told()
    db_rows.execute(f"UPDATE messaging.deferred_replies SET due_at = {THREE_MINUTES_AGO}")
    not_leased = told()
    db_rows.execute(
        "UPDATE messaging.deferred_replies SET due_at = now() + interval '40 seconds',"
        f" deadline = {THREE_MINUTES_AGO}"
    )
    not_ended = told()

    said = ": Messages whose reply strategy should have been asked more than two minutes ago: 1."
    problem = [("replies_not_asked_for", said)]
    assert (at_first, not_leased, not_ended) == ([], problem, problem)
    numbers, _ = counts()
    assert numbers["answers that take their time"] == 1
    assert numbers["answers that took too long and wait to be given up"] == 1
    found = gauges()
    assert found['messaging_problems{kind="replies_not_asked_for"}'] == 1
    assert found['messaging_waiting{what="replies_deferred"}'] == 1
    assert found['messaging_waiting{what="replies_late"}'] == 1
    assert 0 < found["messaging_oldest_deferred_reply_seconds"] < 300
    db_rows.execute(f"UPDATE messaging.deferred_replies SET due_at = {THREE_MINUTES_AGO}")
    answer_what_is_due()
    assert told() == []


def test_a_late_answer_does_not_turn_readiness_red(
    web, acmes_service, everything_runs, write, work, db_rows
):
    write("Is my parcel on its way?", sender=ADA)
    work()
    db_rows.execute(f"UPDATE messaging.deferred_replies SET due_at = {THREE_MINUTES_AGO}")

    assert requests.get(f"{web}/health/ready", timeout=10).status_code == 200
