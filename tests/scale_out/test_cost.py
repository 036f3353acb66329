"""What a message costs with four workers, beside one: CPU time of the workers and of PostgreSQL, in
rounds that take turns. Rates mean nothing where other programs run beside.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable
from statistics import median

import pytest

from tests.benchmarks.figures import Figures, measured
from tests.scale_out import posts
from tests.scale_out.workers import running
from tests.support.processes import eventually

pytestmark = [pytest.mark.whatsapp, pytest.mark.long]

ROUNDS = 3
BACKLOG, PER_SECOND, SECONDS = 1500, 60, 20
ALL_SECONDS = 180
# of the cost with one worker: of a backlog, and of a load that one worker carries alone
BACKLOG_AT_MOST, STEADY_AT_MOST = 1.15, 1.3
FASTER = "UPDATE messaging.channels SET messages_per_second = 1000 RETURNING id"
DUE_AT = """
    UPDATE messaging.webhook_deliveries SET due_at = {} WHERE due_at IS NOT NULL RETURNING id
"""
ACCEPTED = "SELECT count(*) FROM messaging.messages WHERE status = 'accepted'"


class Rounds:
    """`accepted`: how many replies Graph has accepted when the round is over."""

    def __init__(self, site) -> None:
        self.site, self.bodies, self.accepted = site, posts.messages(), 0
        site.rows(FASTER)
        site.start_web().wait_until_it_answers()

    def backlog(self, workers: int) -> Figures:
        """Deliveries that wait, and are due all at once."""
        posted = itertools.islice(self.bodies, BACKLOG)
        assert self.site.posting(posted, per_second=500).wait(ALL_SECONDS)
        self.site.rows(DUE_AT.format("'infinity'"))
        return self.measure(workers, BACKLOG, lambda: self.site.rows(DUE_AT.format("now()")))

    def steady(self, workers: int) -> Figures:
        count = PER_SECOND * SECONDS
        posted = itertools.islice(self.bodies, count)
        return self.measure(
            workers, count, lambda: self.site.posting(posted, per_second=PER_SECOND)
        )

    def measure(self, workers: int, count: int, begin: Callable[[], object]) -> Figures:
        postmaster, figures = self.site.server.postmaster(), Figures(name=str(workers))
        self.accepted += count
        with (
            running(self.site, workers) as apps,
            measured(figures, apps=apps, postmaster=postmaster, count=count),
        ):
            begin()
            assert eventually(self.is_over, ALL_SECONDS, pause=0.3)
        return figures

    def is_over(self) -> bool:
        return self.site.rows(ACCEPTED) == [(self.accepted,)]


def test_four_workers_take_hardly_more_cpu_time_a_message_than_one(site, say):
    rounds, found = Rounds(site), defaultdict(list)
    for _ in range(ROUNDS):
        for load, workers in itertools.product((rounds.backlog, rounds.steady), (1, 4)):
            figures = load(workers)
            found[load.__name__, workers].append(figures)
    costs = {
        each: median(figures.app_ms + figures.postgres_ms for figures in measured_ones)
        for each, measured_ones in found.items()
    }
    rates = {each: median(figures.per_second for figures in found[each]) for each in found}
    for load in ("backlog", "steady"):
        one, four = costs[load, 1], costs[load, 4]
        say(
            f"{load}: {one:.1f} ms of CPU time a message with one worker, {four:.1f} with four"
            f" ({four / one:.2f} times); {rates[load, 1]:.0f} and {rates[load, 4]:.0f} a second"
        )

    assert costs["backlog", 4] <= BACKLOG_AT_MOST * costs["backlog", 1]
    assert costs["steady", 4] <= STEADY_AT_MOST * costs["steady", 1]
