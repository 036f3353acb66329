"""How long a message waits that comes while nothing else does, with four workers and with one."""

import random
import time
from statistics import mean

import pytest

from tests.benchmarks.figures import Figures, measured
from tests.scale_out import posts
from tests.scale_out.workers import running
from tests.support.processes import eventually

pytestmark = [pytest.mark.whatsapp, pytest.mark.long]

MESSAGES, PAUSES = 80, (0.3, 0.8)  # so that no message meets the work on another
BUSY_MS = 30  # of the mean, on a machine that is busy with others
# of one worker's CPU time: each sweeps, and has the sign of life of its own
COST_AT_MOST = 2.0
WAITS = """
    SELECT 1000 * extract(epoch FROM processed_at - received_at)::float
    FROM messaging.webhook_deliveries ORDER BY id DESC LIMIT %s
"""
WAITING = "SELECT count(*) FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL"


def test_a_message_is_found_as_soon_by_four_idle_workers_as_by_one(site, say):
    site.start_web().wait_until_it_answers()
    bodies, found = posts.messages(), {}
    for workers in (1, 4):
        figures = found[workers] = Figures(name=str(workers))
        with (
            running(site, workers) as pids,
            measured(figures, apps=pids, postmaster=site.server.postmaster(), count=MESSAGES),
        ):
            post_now_and_then(site, bodies)
        figures.waits = [wait for (wait,) in site.rows(WAITS, MESSAGES)]
        say(
            f"{workers}: {mean(figures.waits):.0f} ms until a message is recorded,"
            f" {figures.percentile(0.9):.0f} for nine of ten, {max(figures.waits):.0f} at most;"
            f" {figures.app_ms + figures.postgres_ms:.1f} ms of CPU time"
        )

    one, four = found[1], found[4]
    assert mean(four.waits) <= mean(one.waits) + BUSY_MS
    assert four.app_ms + four.postgres_ms <= COST_AT_MOST * (one.app_ms + one.postgres_ms)


def post_now_and_then(site, bodies) -> None:
    pauses = random.Random(1)
    for _ in range(MESSAGES):
        assert site.posting([next(bodies)], per_second=1).wait(60)
        time.sleep(pauses.uniform(*PAUSES))
    assert eventually(lambda: site.rows(WAITING) == [(0,)], 60)
