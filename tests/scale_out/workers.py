"""So many workers, each on a machine of its own, that know of each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scale_out.site import Site
from tests.support.processes import eventually

SECONDS = 180
ALIVE = """
    SELECT count(*) FROM messaging.worker_heartbeats
    WHERE pid <> 0 AND seen_at > now() - interval '15 seconds'
"""
SEEN_SINCE = "SELECT count(*) FROM messaging.worker_heartbeats WHERE seen_at > %s::timestamptz"


@contextmanager
def running(site: Site, count: int) -> Iterator[list[int]]:
    """Their process ids. They are told to end after the block."""
    workers = [site.start_worker() for _ in range(count)]
    for worker in workers:
        worker.wait_until_it_runs()
    wait_until_they_know_of_each_other(site, count)
    yield [worker.pid for worker in workers]
    for worker in workers:
        worker.process.terminate()
    assert [worker.process.wait(SECONDS) for worker in workers] == [0] * count


def wait_until_they_know_of_each_other(site: Site, count: int) -> None:
    """Nobody else counts as alive any more, and each has looked since."""
    assert eventually(lambda: site.rows(ALIVE) == [(count,)], SECONDS)
    ((now,),) = site.rows("SELECT now()::text")
    assert eventually(lambda: site.rows(SEEN_SINCE, now) == [(count,)], SECONDS)
