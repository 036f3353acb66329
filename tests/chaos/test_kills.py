"""Processes are killed at random while Meta posts; what was answered 200 is stored once, and
nothing is sent twice.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

import pytest

from tests.chaos.failpoints import RECORD, STORE
from tests.chaos.length import IS_LONG
from tests.chaos.meta import crowd, people, post
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import told

pytestmark = pytest.mark.whatsapp

FEWEST, PER_SECOND = (500, 12) if IS_LONG else (120, 12)  # messages in all
PAUSE_SECONDS = (0.3, 1.2)
FEWEST_KILLS = FEWEST / PER_SECOND / PAUSE_SECONDS[1] / 2
GRAPH_SECONDS = 0.3
SLOW_DOOR = f"{STORE}:after:sleep=0.2:*"  # stored, and not yet answered: the moment to be killed in
SLOW_RECORD = f"{RECORD}:after:sleep=0.1:*"
ALL_TAKEN_SECONDS = 120
CHANNEL = "SELECT status FROM messaging.channels WHERE external_id = %s"


def kill_one(dice: random.Random, web, supervisor, killed: Counter[str]) -> None:
    """A worker of gunicorn, which restarts its own, or of the pipeline, once it runs; of which
    fewer were killed, at first.
    """
    running = [worker.pid for worker in supervisor.workers if worker.is_running()]
    victims = [(pid, "gunicorn") for pid in web.children()] + [(pid, "pipeline") for pid in running]
    fresh = [each for each in victims if each[1] not in killed]
    with suppress(ProcessLookupError, IndexError):  # it is gone, or there is none at the moment
        pid, kind = dice.choice(sorted(fresh or victims))
        os.kill(pid, signal.SIGKILL)
        killed[kind] += 1


def test_whatever_is_killed_each_message_answered_200_is_stored_once_and_no_reply_is_sent_twice(
    stage, say
):
    seed = int(os.environ.get("CHAOS_SEED", time.time_ns() % 1_000_000))
    say(f"CHAOS_SEED={seed}")
    dice = random.Random(seed)
    stage.graph.seconds = GRAPH_SECONDS
    web = stage.web(failpoints=SLOW_DOOR)
    supervisor = stage.supervise(2, failpoints=SLOW_RECORD)
    assert eventually(lambda: all(worker.is_running() for worker in supervisor.workers))
    traffic, killed = stage.traffic(web, people(), per_second=PER_SECOND), Counter()
    while traffic.begun < FEWEST or killed.total() < FEWEST_KILLS:
        assert not traffic.wait(dice.uniform(*PAUSE_SECONDS))
        kill_one(dice, web, supervisor, killed)
    traffic.end_after(FEWEST)
    assert traffic.wait(ALL_TAKEN_SECONDS)
    messages = crowd(traffic.begun)

    stage.wait_until_calm(2 * ALL_TAKEN_SECONDS)
    repeated = len(traffic.answers) - len(messages)
    say(
        f"killed: {dict(killed)}; {repeated} posts repeated,"
        f" {stage.replies().count('unknown')} unknown"
    )
    assert (set(killed), repeated > 0) == ({"gunicorn", "pipeline"}, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == len(messages)
    assert set(stage.replies()) - {"accepted", "unknown"} == set()
    assert stage.rows("SELECT count(*) FROM messaging.dead_letters") == [(0,)]
    stage.assert_the_books_balance()


def test_a_ban_parks_the_channel_although_the_worker_that_recorded_it_was_killed(stage, tmp_path):
    web, ban = stage.web(), {"waba_ban_state": "DISABLE"}
    supervisor = stage.supervise(1, failpoints=f"{RECORD}:after:kill:1:{tmp_path / 'killed'}")
    after_it_was_connected = time.time() + 5
    update = told(
        ACME_ACCOUNT,
        "account_update",
        at=after_it_was_connected,
        event="DISABLED_UPDATE",
        ban_info=ban,
    )
    assert post(web.url, bodies.webhook(update)).status == 200

    assert eventually(
        lambda: stage.rows(CHANNEL, ACME_NUMBER) == [("restricted",)], ALL_TAKEN_SECONDS
    )
    assert supervisor.deaths == 1
    stage.wait_until_calm()
    assert stage.rows("SELECT count(*) FROM messaging.channel_events") == [(1,)]
