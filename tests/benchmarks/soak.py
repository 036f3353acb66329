"""`make soak MINUTES=60`: a steady load on the Procfile's processes, and what grows under it.

Fails if a process's memory or a queue has grown, or if a message was lost or sent twice. How long
webhooks take is shown.
"""

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg

from tests import settings
from tests.benchmarks import clients, load, served
from tests.benchmarks.cpu import children_of
from tests.benchmarks.figures import Figures
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.support.processes import eventually

SLICE_SECONDS = 10
GROWN_BY, GROWN_MB = 1.1, 8  # more than this is growth, not noise
QUEUED_SECONDS = 5  # of the load: more waiting is a queue that grows
CHANNELS = 500
WAITING = """
    SELECT (SELECT count(*) FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL)
         + (SELECT count(*) FROM messaging.messages WHERE due_at IS NOT NULL)"""
ANSWERED = "SELECT count(*) FROM messaging.messages WHERE status = 'accepted'"


@dataclass(kw_only=True)
class Slice:
    """Ten seconds of load: milliseconds of the slowest webhook in a hundred, rows that wait after
    it, and megabytes of each process.
    """

    p99: float
    waiting: int
    megabytes: dict[str, float] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description="Example: make soak MINUTES=3 RATE=80")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=100, help="webhooks a second")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    graph, place = Graph(), Place()
    try:
        say("Preparing ...")
        place.set_up(CHANNELS)
        faults = soak(place, graph, told.rate, max(6, int(told.minutes * 60 / SLICE_SECONDS)))
    finally:
        graph.stop()
        place.remove()
    say("\n".join(faults) or "Nothing has grown, nothing was lost, nothing was sent twice.")
    sys.exit(1 if faults else 0)


def soak(place: Place, graph: Graph, rate: int, number: int) -> list[str]:
    """Run the load for `number` slices. Returns what is wrong after it, a sentence each."""
    posted = load.spread(number * SLICE_SECONDS * rate, CHANNELS)
    with (
        psycopg.connect(place.url(place.product), autocommit=True) as rows,
        served.web(place) as (web, port),
        served.running(place, "worker", META_GRAPH_URL=graph.url) as worker,
    ):
        slices = []
        for n in range(number):
            figures = Figures(name="", waits=load_once(port, posted, rate))
            (waiting,) = rows.execute(WAITING).fetchone() or (0,)
            memory = {
                **{f"web {n}": megabytes(pid) for n, pid in enumerate(children_of(web.pid), 1)},
                "worker": megabytes(worker.pid),
            }
            slices.append(Slice(p99=figures.percentile(0.99), waiting=waiting, megabytes=memory))
            shown = ", ".join(f"{name} {used:.0f} MB" for name, used in memory.items())
            say(f"{n + 1}/{number}: p99 {slices[-1].p99:.0f} ms, {waiting} waiting, {shown}")
        count = number * SLICE_SECONDS * rate
        eventually(lambda: rows.execute(ANSWERED).fetchone() == (count,), 60)
        (answered,) = rows.execute(ANSWERED).fetchone() or (0,)
    return [*growth(slices, rate), *losses(count, answered, graph.count)]


def load_once(port: int, posted: Iterator[bytes], rate: int) -> list[float]:
    bodies = list(itertools.islice(posted, rate * SLICE_SECONDS))
    waits = asyncio.run(clients.post_steadily(port, bodies, per_second=rate))
    return [1000 * each for each in waits]


def megabytes(pid: int) -> float:
    """Return a process's resident memory (proc(5): VmRSS, in kB)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def growth(slices: list[Slice], rate: int) -> list[str]:
    """Return what was larger in the last quarter than in the second. In the first, caches fill."""
    quarter = len(slices) // 4
    second, last = slices[quarter : 2 * quarter], slices[-quarter:]
    faults = []
    for name in last[0].megabytes:
        before, after = (median(each.megabytes[name] for each in part) for part in (second, last))
        if after > GROWN_BY * before and after - before > GROWN_MB:
            faults.append(f"{name} has grown from {before:.0f} to {after:.0f} MB.")
    if (waiting := median(each.waiting for each in last)) > QUEUED_SECONDS * rate:
        faults.append(f"{waiting:.0f} deliveries and messages wait.")
    return faults


def losses(posted: int, answered: int, sent: int) -> list[str]:
    lost = [f"{answered} of {posted} messages were answered."] if answered != posted else []
    return lost + ([f"{sent} replies were sent for {posted} messages."] if sent != posted else [])


def say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
