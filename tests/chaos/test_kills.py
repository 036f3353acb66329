"""Processes are killed at random while Meta posts; what was answered 200 is stored once, and nothing is sent twice."""

import os
import random
import signal
import time
from contextlib import suppress

from tests.chaos.conftest import IS_LONG
from tests.chaos.failpoints import RECORD, STORE
from tests.chaos.meta import crowd
from tests.processes import eventually

MESSAGES, PER_SECOND = (500, 12) if IS_LONG else (120, 12)
PAUSE_SECONDS = (0.3, 1.2)
GRAPH_SECONDS = 0.3
SLOW_DOOR = f"{STORE}:after:sleep=0.2:*"  # stored, and not yet answered: the moment to be killed in
SLOW_RECORD = f"{RECORD}:after:sleep=0.1:*"
ALL_TAKEN_SECONDS = 120


def kill_one(dice: random.Random, web, supervisor) -> None:
    """A worker of gunicorn or of the pipeline that runs; gunicorn restarts its own."""
    victims = [*web.children(), *(worker.pid for worker in supervisor.workers if worker.is_running())]
    with suppress(ProcessLookupError):
        os.kill(dice.choice(sorted(victims)), signal.SIGKILL)


def test_whatever_is_killed_each_message_answered_200_is_stored_once_and_no_reply_is_sent_twice(stage, say):
    seed = int(os.environ.get("CHAOS_SEED", time.time_ns() % 1_000_000))
    say(f"CHAOS_SEED={seed}")
    dice = random.Random(seed)
    messages = crowd(MESSAGES)
    stage.graph.seconds = GRAPH_SECONDS
    web = stage.web(failpoints=SLOW_DOOR)
    supervisor = stage.supervise(2, failpoints=SLOW_RECORD)
    assert eventually(lambda: all(worker.is_running() for worker in supervisor.workers))
    traffic = stage.traffic(web, messages, per_second=PER_SECOND)
    kills = 0
    while not traffic.wait(dice.uniform(*PAUSE_SECONDS)) and kills < MESSAGES:
        kill_one(dice, web, supervisor)
        kills += 1
    assert traffic.wait(ALL_TAKEN_SECONDS)

    stage.wait_until_calm(2 * ALL_TAKEN_SECONDS)
    say(f"{kills} kills, {len(traffic.answers) - MESSAGES} posts repeated, {stage.replies().count('unknown')} unknown")
    assert kills >= MESSAGES / PER_SECOND / PAUSE_SECONDS[1] / 2
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == MESSAGES
    assert set(stage.replies()) - {"accepted", "unknown"} == set()
    assert stage.rows("SELECT count(*) FROM messaging.dead_letters") == [(0,)]
    stage.assert_the_books_balance()
