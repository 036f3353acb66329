"""`simulate_message --wait`: the message's way, once it is recorded and its answer is settled; or
what it waits for.
"""

from functools import partial

import pytest

from messaging.models import Message, WorkerHeartbeat
from tenants.scope import operator_scope
from tests.support import processes
from tests.support.cast import ADA

pytestmark = pytest.mark.whatsapp

WAYS_ON = "The webhook took the message {}. "


@pytest.fixture
def manage(database_name, web, graph):
    return partial(processes.manage, database_name, PUBLIC_URL=web, META_GRAPH_URL=graph.url)


def is_at_work() -> bool:
    with operator_scope():
        return WorkerHeartbeat.objects.exists()


@pytest.fixture
def worker(database_name, graph, acme_whatsapp):
    """A worker that runs, however long its process took to start."""
    process = processes.start(database_name, "worker", META_GRAPH_URL=graph.url)
    assert processes.eventually(is_at_work, seconds=60)
    yield process
    process.terminate()
    process.communicate(timeout=20)


def test_the_way_of_a_message_is_shown_once_its_answer_is_delivered(
    manage, worker, web, graph, monkeypatch
):
    monkeypatch.setattr(graph, "callback", f"{web}/api/webhooks/whatsapp")
    done = manage(
        "simulate_message", "--tenant", "acme", "--from", ADA, "Is it in stock?", "--wait", "60"
    )

    with operator_scope():
        asked, answer = Message.objects.order_by("seq")
    assert (done.returncode, answer.status, done.stdout) == (
        0,
        "delivered",
        manage("trace", asked.external_id).stdout,
    )


def test_the_text_may_stand_behind_the_flag(manage, worker, web, graph, monkeypatch):
    monkeypatch.setattr(graph, "callback", f"{web}/api/webhooks/whatsapp")
    done = manage(
        "simulate_message", "--tenant", "acme", "--from", ADA, "--wait", "Is it in stock?"
    )

    with operator_scope():
        assert (done.returncode, Message.objects.get(direction="inbound").text) == (
            0,
            "Is it in stock?",
        )


def test_an_answer_that_is_not_settled_in_time_is_told(manage, worker):
    done = manage(
        "simulate_message", "--tenant", "acme", "--from", ADA, "Is it in stock?", "--wait", "5"
    )

    with operator_scope():
        asked, answer = Message.objects.order_by("seq")
    assert (done.returncode, answer.status) == (1, "accepted")
    assert WAYS_ON.format(asked.external_id) in done.stderr


def test_a_message_that_is_not_recorded_in_time_is_told(manage, acme_whatsapp, db_rows):
    done = manage(
        "simulate_message", "--tenant", "acme", "--from", ADA, "Is it in stock?", "--wait", "1"
    )

    (body,) = db_rows.execute(
        "SELECT convert_from(body, 'UTF8')::jsonb FROM messaging.webhook_deliveries"
    ).fetchone()
    (message,) = body["entry"][0]["changes"][0]["value"]["messages"]
    assert (done.returncode, WAYS_ON.format(message["id"]) in done.stderr) == (1, True)
