"""The primary is lost under load and its standby takes over: the processes find it by themselves,
and what may be lost or doubled is what docs/operations.md says.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import Traffic, body_of, crowd, people, post
from tests.chaos.running import wait_at_least
from tests.chaos.server import ACME_TOKEN, ChaosServer
from tests.chaos.standby import Standby, lose
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

FEWEST, PER_SECOND = (400, 20) if IS_LONG else (60, 10)  # messages in all
DOWN_SECONDS = 20 if IS_LONG else 3
TAKEN_AGAIN_WITHIN_SECONDS = 20
ALL_TAKEN_SECONDS = 60
BUSY = {"code": 131056}  # a refusal that is tried again a few seconds later
STATUSES = """
    SELECT answer.status, count(*) FROM messaging.messages answer
    WHERE direction = 'outbound' GROUP BY 1"""
TASK = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('upkeep', 'tenants.tasks.forget_failures', '{"timestamp": 0}')"""
TASKS = "SELECT status::text FROM jobs.procrastinate_jobs WHERE args = '{\"timestamp\": 0}'"


@pytest.fixture
def standby(chaos_server: ChaosServer) -> Iterator[Standby]:
    standby = Standby(chaos_server)
    try:
        standby.start()
        yield standby
    finally:
        standby.remove()


@pytest.fixture
def stage(standby, stage):
    """The stage with both servers in the processes' DATABASE_URL."""
    stage.settings["DATABASE_URL"] = standby.url_of_both(stage.name)
    return stage


def take_over(stage, standby: Standby) -> None:
    """The primary is gone already; from now on the stage asks the standby."""
    standby.promote()
    stage.server = standby


def texts(prefix: str, count: int) -> list[dict]:
    """Messages of as many people, one of each."""
    return [
        bodies.text("Hello", sender=f"4671{prefix}{n:05}", wamid=f"wamid.{prefix}-{n}")
        for n in range(count)
    ]


def accepted(stage) -> Counter[str]:
    """How many messages Graph took for each person."""
    return Counter(entry["message"]["to"] for entry in list(stage.graph.ledger) if entry["wamid"])


def taken_again_after(traffic: Traffic, seen: int, since: float) -> float:
    """Seconds since `since` to the first webhook that is taken, of those behind `seen`."""

    def is_taken() -> bool:
        return 200 in [answer.status for answer in traffic.answers[seen:]]

    assert eventually(is_taken, ALL_TAKEN_SECONDS)
    return time.monotonic() - since


@pytest.mark.parametrize(
    "synchronous_commit",
    [
        "on",
        pytest.param("remote_apply", marks=pytest.mark.skipif(not IS_LONG, reason="the long form")),
    ],
)
def test_with_a_synchronous_standby_nothing_is_lost_and_nothing_doubled(
    stage, standby, say, synchronous_commit
):
    standby.is_waited_for(synchronous_commit)
    web, lost_with_it, worker, jobs = stage.web(), stage.worker(), stage.worker(), stage.jobs()
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: len(traffic.answers) >= 10 and "accepted" in stage.replies())
    stage.graph.answering.clear()  # from now on messages are under way
    assert eventually(lambda: "sending" in stage.replies())

    seen, lost_at = len(traffic.answers), time.monotonic()
    lose(stage.server)
    lost_with_it.kill()
    wait_at_least(lost_at, DOWN_SECONDS)
    refused = [answer.status for answer in traffic.answers[seen:]].count(503)
    seen = len(traffic.answers)
    take_over(stage, standby)
    took = taken_again_after(traffic, seen, time.monotonic())
    stage.graph.answering.set()
    traffic.end_after(max(FEWEST, traffic.begun + 10))
    assert traffic.wait(ALL_TAKEN_SECONDS)
    stage.wait_until_calm()
    with stage.session() as session:
        session.execute("SET search_path = jobs")
        session.execute(TASK)

    messages = crowd(traffic.begun)
    say(f"webhooks are taken {took:.1f} s after the standby was promoted; {refused} got 503")
    say(f"replies to {len(messages)} messages: {dict(stage.rows(STATUSES))}")
    assert (refused > 0, took < TAKEN_AGAIN_WITHIN_SECONDS) == (True, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == len(messages)
    stage.assert_the_books_balance()
    assert eventually(lambda: stage.rows(TASKS) == [("succeeded",)], ALL_TAKEN_SECONDS)
    assert (worker.is_alive(), jobs.is_alive()) == (True, True)


def test_with_an_asynchronous_one_the_last_seconds_are_lost_and_held_recent_sends_leave_once(
    stage, standby, say
):
    web, worker = stage.web(), stage.worker()
    stage.graph.steps[ACME_TOKEN] = BUSY
    retried, waiting, unseen, later = (texts(str(n), 5) for n in range(4))
    for message in retried:  # refused for now: queued, and tried again soon
        assert post(web.url, body_of(message)).status == 200
    assert eventually(lambda: stage.replies() == ["queued"] * 5 and len(stage.graph.ledger) >= 5)
    worker.kill()
    for message in waiting:  # stored, and not recorded
        assert post(web.url, body_of(message)).status == 200
    assert eventually(standby.has_all)
    standby.line.refuse()

    del stage.graph.steps[ACME_TOKEN]
    worker = stage.worker()
    for message in unseen:
        assert post(web.url, body_of(message)).status == 200
    assert eventually(lambda: len(accepted(stage)) == 15, ALL_TAKEN_SECONDS)
    lose(stage.server)
    worker.kill()
    take_over(stage, standby)
    assert eventually(lambda: post(web.url, body_of(later[0])).status == 200)
    for message in later[1:]:
        assert post(web.url, body_of(message)).status == 200

    counted = stage.manage("hold_recent_sends", "--dry-run")
    held = stage.manage("hold_recent_sends")
    say(f"{counted.stdout.strip()} {held.stdout.strip()}")
    assert counts(counted) == {"webhooks_waiting": 5, "messages_uncertain": 5}
    assert counts(held) == {"webhooks_waiting": 0, "messages_unknown": 10}
    stage.worker()
    stage.wait_until_calm()

    kept = [*retried, *waiting, *later]
    assert sorted(stage.inbound()) == sorted(message["id"] for message in kept)
    assert dict(stage.rows(STATUSES)) == {"unknown": 10, "accepted": 5}
    everybody = [message["from"] for message in (*retried, *waiting, *unseen, *later)]
    assert accepted(stage) == Counter(everybody)


def counts(done) -> dict[str, int]:
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return {what: number for what, number in told.items() if what != "before"}


def test_while_a_synchronous_standby_is_away_no_webhook_is_answered_200(stage, standby, say):
    standby.is_waited_for("on")
    web = stage.web()
    standby.line.refuse()
    traffic = stage.traffic(web, people(), per_second=1)
    assert eventually(lambda: traffic.begun == 3)
    away = [answer.status for answer in list(traffic.answers)]
    standby.line.accept()
    traffic.end_after(3)
    assert traffic.wait(ALL_TAKEN_SECONDS)
    stage.worker()
    stage.wait_until_calm()

    say(f"answers: {[(each.status, round(each.seconds, 1)) for each in traffic.answers]}")
    assert away.count(200) == 0
    assert sorted(stage.inbound()) == sorted(each["id"] for each in crowd(traffic.begun))
