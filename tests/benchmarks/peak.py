"""The peak of a day that brings a million messages: 100 messages and 300 statuses a second. 80 of
the messages are to one number, which answers them at its full rate. Two web and two worker
processes.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests.benchmarks import clients, cpu, load, served
from tests.benchmarks.figures import Figures
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.benchmarks.report import markdown
from tests.support.processes import eventually

MESSAGES, OF_ONE_NUMBER, STATUSES = 100, 80, 300  # a second
PEOPLE = 2000  # who write to that number
CORES = 2
GRAPH_SECONDS = 0.1
OLDEST = """
    SELECT extract(epoch FROM clock_timestamp() - least(
        (SELECT min(received_at) FROM messaging.webhook_deliveries
         WHERE due_at IS NOT NULL AND attempts = 0),
        (SELECT min(created_at) FROM messaging.messages
         WHERE due_at IS NOT NULL AND status = 'queued' AND lease IS NULL)))"""
REPLIES = """
    SELECT count(*), count(*) FILTER (WHERE status = 'read') FROM messaging.messages
    WHERE direction = 'outbound' AND created_at >= %s"""


@dataclass(kw_only=True)
class Peak:
    """What was seen. `oldest`: seconds that the oldest webhook or message had waited, at each look.
    `cores`: CPU seconds a second of the product and of PostgreSQL.
    """

    webhooks: Figures
    oldest: list[float] = field(default_factory=list)
    cores: dict[str, float] = field(default_factory=dict)

    def table(self) -> str:
        """Return Markdown."""
        waits = [f"{self.webhooks.percentile(share):.0f}" for share in (0.5, 0.99)]
        median = sorted(self.oldest)[len(self.oldest) // 2]
        parts = ", ".join(f"{name} {each:.2f}" for name, each in self.cores.items())
        rows = [
            ["the oldest that waits, at worst", f"{max(self.oldest):.1f} s", "≤ 2 s"],
            ["the oldest that waits, median", f"{median:.2f} s", ""],
            [f"CPU of {CORES} cores", f"{sum(self.cores.values()) / CORES:.0%}", "≤ 80%"],
            ["cores used", parts, ""],
            ["webhooks, p50 and p99", f"{' and '.join(waits)} ms", ""],
        ]
        return markdown(["what", "figure", "target"], rows)


def measure(place: Place, seconds: int, channels: int) -> Peak:
    """Run the load for so many seconds. Raises SystemExit if a reply is missing, was sent twice, or
    was not told of to its end.
    """
    graph, peak = Graph(GRAPH_SECONDS), Peak(webhooks=Figures(name="peak"))
    with (
        psycopg.connect(place.url(place.product), autocommit=True) as rows,
        served.web(place) as (web, port),
        served.workers(place, 2, graph) as workers,
    ):
        (began,) = rows.execute("SELECT now()").fetchone() or (None,)
        processes = {"web": [web.pid], "worker": workers, "PostgreSQL": [place.postmaster]}
        with used(peak, processes), watched(peak, place):
            peak.webhooks.waits = asyncio.run(post(port, graph, seconds, channels))
        count = MESSAGES * seconds
        if not eventually(lambda: rows.execute(REPLIES, [began]).fetchone() == (count, count), 60):
            raise SystemExit(f"Of {count} messages: {rows.execute(REPLIES, [began]).fetchone()}")
    graph.stop()
    if graph.count != count:
        raise SystemExit(f"{graph.count} replies were sent for {count} messages.")
    return peak


async def post(port: int, graph: Graph, seconds: int, channels: int) -> list[float]:
    """Post messages, and the statuses of what was sent. Returns the milliseconds of each."""
    messages = list(bodies(MESSAGES * seconds, channels))
    told = asyncio.create_task(post_statuses(port, graph, len(messages)))
    waits = await clients.post_steadily(port, messages, per_second=MESSAGES)
    return [1000 * each for each in waits + await told]


def bodies(count: int, channels: int) -> Iterator[bytes]:
    """Yield webhooks of one message each."""
    for n in range(count):
        of_one = n % MESSAGES < OF_ONE_NUMBER
        channel = 0 if of_one else 1 + n % (channels - 1)
        yield load.body(channel, load.message(channel, n % PEOPLE if of_one else n % load.PEOPLE))


async def post_statuses(port: int, graph: Graph, count: int) -> list[float]:
    """Post three statuses of each of `count` replies once it was accepted, each a webhook."""
    waits, posted, began = list[float](), 0, time.perf_counter()
    async with clients.connected(port, 16) as connections:
        while posted < count:
            await asyncio.sleep(0.02)
            due = int((time.perf_counter() - began) * STATUSES / 3) - posted
            sent = [graph.accepted.popleft() for _ in range(min(due, len(graph.accepted)))]
            for status in ("sent", "delivered", "read"):
                told = iter([load.status_body(*each, status) for each in sent])
                waits += await clients.post_all(connections, told)
            posted += len(sent)
    return waits


@contextmanager
def used(peak: Peak, processes: dict[str, list[int]]) -> Iterator[None]:
    """Measure which CPU time the processes use while the block runs."""
    before, began = seconds_of(processes), time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    peak.cores = {
        name: (spent - before[name]) / seconds for name, spent in seconds_of(processes).items()
    }


def seconds_of(processes: dict[str, list[int]]) -> dict[str, float]:
    return {name: sum(map(cpu.seconds_of, pids)) for name, pids in processes.items()}


@contextmanager
def watched(peak: Peak, place: Place) -> Iterator[None]:
    """Look four times a second how long the oldest has waited, while the block runs."""
    ended = threading.Event()

    def watch() -> None:
        with psycopg.connect(place.url(place.product), autocommit=True) as rows:
            while not ended.wait(0.25):
                (seconds,) = rows.execute(OLDEST).fetchone() or (None,)
                peak.oldest.append(float(seconds or 0))

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    ended.set()
    thread.join()
