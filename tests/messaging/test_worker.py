"""The worker as a process: killed, stopped, restarted."""

import json
import signal
import time

import psycopg
import pytest
import requests
from django.conf import settings

from channels_app.event_log.sequencer import give_positions
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import WebhookDelivery
from messaging.outbound.dispatcher import Dispatcher
from messaging.worker import GATHER_SECONDS, SMALL_BATCH, STUCK_SECONDS, UNTOLD_SECONDS, Worker
from tenants.scope import operator_scope
from tests.support.cast import REPLY, thread_of
from tests.support.logged import append, event
from tests.support.processes import eventually, start

pytestmark = pytest.mark.whatsapp


def statuses(tenant: object) -> list[str]:
    return [status for *_, status in thread_of(tenant)]  # type: ignore[arg-type]


def test_what_waited_while_no_worker_ran_is_processed_by_the_next(
    acme, acme_whatsapp, write, graph, database_name
):
    write("before any worker")
    worker = start(database_name, "worker", META_GRAPH_URL=graph.url)
    assert eventually(lambda: statuses(acme) == ["received", "accepted"])
    worker.kill()
    worker.wait()

    write("after the kill")
    worker = start(database_name, "worker", META_GRAPH_URL=graph.url)
    try:
        assert eventually(lambda: statuses(acme) == ["received", "accepted"] * 2)
    finally:
        worker.kill()
        worker.wait()
    assert len(graph.ledger) == 2


def test_a_worker_killed_in_mid_send_leaves_unknown_and_nobody_sends_again(
    acme, acme_whatsapp, write, graph, database_name
):
    graph.script.append({"then": "hang"})
    write()
    settings = {
        "META_GRAPH_URL": graph.url,
        "SEND_TIMEOUT_SECONDS": "1",
        "UNKNOWN_AFTER_SECONDS": "2",
    }
    worker = start(database_name, "worker", **settings | {"SEND_TIMEOUT_SECONDS": "1.9"})
    assert eventually(lambda: len(graph.ledger) == 1)
    worker.kill()
    worker.wait()
    assert statuses(acme) == ["received", "sending"]

    worker = start(database_name, "worker", **settings)
    try:
        assert eventually(lambda: statuses(acme) == ["received", "unknown"])
    finally:
        worker.kill()
        worker.wait()
    assert len(graph.ledger) == 1


def test_sigterm_finishes_the_post_under_way_and_ends(
    acme, acme_whatsapp, write, graph, database_name
):
    graph.script.append({"delay": 1})
    write()
    worker = start(database_name, "worker", META_GRAPH_URL=graph.url)
    assert eventually(lambda: len(graph.ledger) == 1)
    worker.send_signal(signal.SIGTERM)
    output, _ = worker.communicate(timeout=10)

    assert worker.returncode == 0
    assert json.loads(output.splitlines()[-1])["stopped"] is True
    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def test_a_worker_outlives_its_database_connections(
    acme, acme_whatsapp, write, graph, database_name, superuser
):
    worker = start(database_name, "worker", META_GRAPH_URL=graph.url)
    try:
        write("one")
        assert eventually(lambda: statuses(acme) == ["received", "accepted"])
        cut(superuser, database_name)
        write("two")
        assert eventually(lambda: statuses(acme) == ["received", "accepted"] * 2)
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()


def cut(superuser: psycopg.Connection, database: str) -> None:
    """Every connection of the worker breaks, as when the server restarts; the test's own stay."""
    from django.db import connections

    connections.close_all()
    superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename ="
        " 'msg_app'",
        [database],
    )


def test_ready_is_red_without_worker_and_jobs_and_green_with_both(web, db_rows, database_name):
    def ready() -> dict:
        return requests.get(f"{web}/health/ready", timeout=5).json()

    assert requests.get(f"{web}/health", timeout=5).json() == {"status": "ok", "database": "ok"}
    assert requests.get(f"{web}/health/ready", timeout=5).status_code == 503
    assert {name: check for name, check in ready()["checks"].items() if not check["ok"]} == {
        "worker": {"ok": False, "seconds": None, "reason": "no worker was seen"},
        "jobs": {"ok": False, "seconds": None, "reason": "no jobs process was seen"},
    }

    worker, jobs = start(database_name, "worker"), start(database_name, "jobs")
    try:
        assert eventually(
            lambda: requests.get(f"{web}/health/ready", timeout=5).status_code == 200, seconds=60
        )
    finally:
        for process in (worker, jobs):
            process.kill()
            process.wait()
    names = [
        "role",
        "migrations",
        "durability",
        "worker",
        "jobs",
        "oldest_delivery",
        "oldest_message",
        "oldest_event",
    ]
    assert (ready()["status"], list(ready()["checks"])) == ("ok", names)


def test_ready_is_red_when_a_delivery_waits_too_long(acme_whatsapp, write, web, db_rows):
    write()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET waits_since = now() - interval '10 minutes'"
    )

    checks = requests.get(f"{web}/health/ready", timeout=5).json()["checks"]
    assert (checks["oldest_delivery"]["ok"], checks["oldest_delivery"]["bound"]) == (False, 60)


def test_a_replayed_delivery_has_not_waited_since_it_came(
    acme_whatsapp, write, work, web, graph, db_rows
):
    write()
    work()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET received_at = now() - interval '3 days'"
    )
    with operator_scope():
        WebhookDelivery.objects.process_again(
            list(WebhookDelivery.objects.values_list("id", flat=True))
        )

    assert (
        requests.get(f"{web}/health/ready", timeout=5).json()["checks"]["oldest_delivery"]["ok"]
        is True
    )


def test_a_queue_that_leaves_at_its_channels_pace_is_not_late_and_one_without_a_turn_is(
    acme_whatsapp, write, web, graph, db_rows
):
    write()
    DeliveryLeaser().process_due()
    db_rows.execute(
        "UPDATE messaging.messages SET due_at = now() - interval '10 minutes' WHERE status ="
        " 'queued'"
    )

    def is_late() -> bool:
        return not requests.get(f"{web}/health/ready", timeout=5).json()["checks"][
            "oldest_message"
        ]["ok"]

    assert is_late()
    Dispatcher(senders=4).fetch()
    db_rows.execute(
        "UPDATE messaging.messages SET due_at = now() - interval '10 minutes' WHERE status ="
        " 'queued'"
    )
    assert not is_late()


def test_ready_is_red_while_an_event_waits_too_long_for_its_position(acme, web, db_rows):
    append(event(acme))

    def is_late() -> bool:
        checks = requests.get(f"{web}/health/ready", timeout=5).json()["checks"]
        return not checks["oldest_event"]["ok"]

    assert not is_late()
    db_rows.execute("UPDATE messaging.events SET occurred_at = now() - interval '61 seconds'")
    assert is_late()
    give_positions(10)
    assert not is_late()


def test_a_worker_none_of_whose_loops_comes_round_counts_as_dead(db_rows):
    worker = Worker(senders=4)
    worker.turned = dict.fromkeys(
        ("take_in", "send", "keep_up"), time.monotonic() - STUCK_SECONDS - 1
    )
    worker.stopping.set()
    worker.keep_up()

    assert db_rows.execute("SELECT count(*) FROM messaging.worker_heartbeats").fetchone() == (0,)


@pytest.fixture
def idle():
    """A worker in this process, whose loops the test calls; it does not wait."""
    worker = Worker(senders=4)
    worker.stopping.set()
    return worker


def test_a_look_of_an_idle_worker_is_one_transaction_for_both_loops(
    idle, acme_whatsapp, django_assert_num_queries, db_rows
):
    with django_assert_num_queries(4):  # begin, the scope, the look, commit
        idle.take_in()
    assert not idle.messages_due.is_set()


@pytest.fixture
def pauses(idle, monkeypatch):
    """How many seconds the worker would have waited, each time."""
    waited: list[float] = []
    monkeypatch.setattr(idle.stopping, "wait", waited.append)
    return waited


def test_a_worker_that_found_nothing_waits_for_its_next_look(idle, pauses, settings, db_rows):
    idle.take_in()

    assert [0 < pause <= settings.PIPELINE_POLL_SECONDS for pause in pauses] == [True]


def places(workers) -> list[tuple[int, int]]:
    """The rank of each, and among how many, once all know of each other."""
    for worker in workers * 2:
        worker.beat()
    return [(worker.turns.rank, worker.turns.workers) for worker in workers]


def test_workers_beside_each_other_have_one_turn_each_of_eight_at_most(db_rows):
    workers = [Worker(senders=1) for _ in range(10)]

    assert places(workers[:1]) == [(0, 1)]
    assert places(workers[:4]) == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert places(workers) == [(n % 8, 8) for n in range(10)]


def test_a_worker_that_gave_no_sign_for_a_while_or_has_ended_has_no_turn(db_rows):
    died, ended, *others = [Worker(senders=1) for _ in range(4)]
    places([died, ended, *others])
    ended.end()
    db_rows.execute(
        "UPDATE messaging.worker_heartbeats SET seen_at = now() - interval '16 seconds'"
        " WHERE id = %s",
        [died.id],
    )

    assert places(others) == [(0, 2), (1, 2)]


def test_idle_workers_whose_clocks_differ_look_one_after_the_other_evenly_apart(
    db_rows, monkeypatch, settings
):
    settings.PIPELINE_POLL_SECONDS = 100.0
    workers, nexts = [Worker(senders=1) for _ in range(4)], []
    own_clock, ahead = time.monotonic, {worker: 1000 * n for n, worker in enumerate(workers)}
    for worker in workers * 2:
        monkeypatch.setattr(time, "monotonic", lambda worker=worker: own_clock() + ahead[worker])
        worker.beat()
    for worker in workers:
        monkeypatch.setattr(time, "monotonic", lambda worker=worker: own_clock() + ahead[worker])
        began, waited = own_clock(), []
        monkeypatch.setattr(worker.stopping, "wait", waited.append)
        worker.take_in()
        nexts.append(began + waited[0])

    first, *later = sorted(nexts)
    assert [round(each - first, -1) for each in later] == [100, 200, 300]


def test_a_worker_that_is_told_to_stop_leaves_its_turns_to_the_others_at_once(
    web, db_rows, database_name
):
    other = Worker(senders=1)
    process = start(database_name, "worker")
    try:
        assert eventually(lambda: places([other]) == [(0, 2)], seconds=60)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    finally:
        process.kill()

    assert (process.returncode, places([other])) == (0, [(0, 1)])


def test_since_when_no_worker_is_there_is_told_though_the_last_has_ended_as_it_was_told(
    web, db_rows, database_name
):
    def told() -> dict:
        return requests.get(f"{web}/health/ready", timeout=5).json()["checks"]["worker"]

    process = start(database_name, "worker")
    try:
        assert eventually(lambda: told()["ok"], seconds=60)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    finally:
        process.kill()

    assert told()["ok"] is True
    db_rows.execute(
        "UPDATE messaging.worker_heartbeats SET seen_at = seen_at - interval '1 minute'"
    )
    assert (told()["ok"], told()["seconds"] > 60) == (False, True)


def test_a_worker_that_ends_once_all_is_taken_through_leaves_its_turns_too(db_rows):
    other, once = Worker(senders=1), Worker(senders=1)
    once.drain()

    assert places([other]) == [(0, 1)]


def test_after_a_few_deliveries_it_waits_a_moment_for_more(idle, pauses, acme_whatsapp, write):
    write("one")
    idle.take_in()

    assert pauses == [GATHER_SECONDS]


@pytest.mark.parametrize("state", ["attempts = 1", "recorded_items = 1"])
def test_it_goes_on_at_once_with_deliveries_that_were_begun(
    idle, pauses, acme_whatsapp, write, db_rows, state
):
    write("one", "two")
    db_rows.execute(f"UPDATE messaging.webhook_deliveries SET {state}")
    idle.take_in()

    assert pauses == []


def test_it_goes_on_at_once_after_a_large_batch(idle, pauses, acme_whatsapp, write):
    for n in range(SMALL_BATCH):
        write(f"message {n}")
    idle.take_in()

    assert pauses == []


BEGUN = {
    "new": "attempts = 0",
    "begun by a process that is gone": "attempts = 1",
    "recorded in part": "recorded_items = 1",
}


@pytest.mark.parametrize("state", BEGUN.values(), ids=BEGUN)
def test_whatever_delivery_is_due_is_processed_at_the_next_look(
    idle, acme, acme_whatsapp, write, db_rows, state
):
    write("one", "two")
    db_rows.execute(f"UPDATE messaging.webhook_deliveries SET {state}")
    idle.take_in()

    query = "SELECT due_at, processed_at IS NULL FROM messaging.webhook_deliveries"
    assert db_rows.execute(query).fetchall() == [(None, False)]


def test_a_delivery_that_another_process_has_in_hand_is_left_to_it(
    idle, acme_whatsapp, write, db_rows
):
    write()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET attempts = 1, due_at = now() + interval '1 minute'"
    )
    idle.take_in()

    query = "SELECT attempts, processed_at FROM messaging.webhook_deliveries"
    assert db_rows.execute(query).fetchall() == [(1, None)]


def test_the_loop_that_sends_is_told_of_answers_and_of_whatever_else_is_due(
    idle, acme_whatsapp, write, db_rows
):
    write()
    idle.take_in()
    assert idle.messages_due.is_set()

    idle.messages_due.clear()
    idle.take_in()  # nothing was processed, and the answer is still due
    assert idle.messages_due.is_set()

    db_rows.execute("UPDATE messaging.messages SET due_at = now() + interval '1 hour'")
    idle.messages_due.clear()
    idle.take_in()
    assert not idle.messages_due.is_set()


def test_the_loop_that_sends_is_told_though_deliveries_cannot_be_processed(
    idle, acme_whatsapp, write, db_rows, monkeypatch
):
    write("one")
    idle.take_in()
    idle.messages_due.clear()
    write("two")
    monkeypatch.setattr(idle.leaser, "process_new", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        idle.take_in()
    assert idle.messages_due.is_set()


def test_the_loop_that_sends_looks_as_often_as_the_other_for_a_while_after_it_was_told(
    idle, monkeypatch, db_rows
):
    pauses = []
    answers = iter([True, False])
    monkeypatch.setattr(
        idle.messages_due, "wait", lambda pause: pauses.append(pause) or next(answers)
    )

    idle.send()
    idle.send()
    assert pauses == [UNTOLD_SECONDS, settings.PIPELINE_POLL_SECONDS]
