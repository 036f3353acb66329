"""What the Procfile's processes do: webhooks under load, and the time from a webhook to the POST of
its reply.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from config.development_database import PROJECT, free_port
from tests.benchmarks import clients, load
from tests.benchmarks.figures import Figures, measured
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.support.processes import eventually

CLIENTS = 8
CONNECTED_APART = 0.02  # seconds; of connections that come at once, one process may accept all
BEATS = "SELECT id FROM messaging.worker_heartbeats"
APART = 0.4  # seconds between two webhooks on an idle system


@contextmanager
def started(
    command: list[str], folder: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a folder until the block ends."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def running(place: Place, name: str, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a line of the Procfile until the block ends."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = place.environment(PATH=path, **changes)
    with started(procfile()[name].split(), PROJECT, environment) as process:
        yield process


def procfile() -> dict[str, str]:
    """Return the commands of the Procfile by their names."""
    lines = (PROJECT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@contextmanager
def web(place: Place) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the web process. Yields it, answering, and its port."""
    port = free_port()
    with running(place, "web", PORT=str(port)) as process:
        if not eventually(lambda: answers(port), 60):
            raise SystemExit("The web process does not answer.")
        yield process, port


@contextmanager
def workers(place: Place, count: int, graph: Graph) -> Iterator[list[int]]:
    """Run so many workers against a Graph API. Yields their process ids once all of them run."""
    with ExitStack() as started, psycopg.connect(place.url(place.product), autocommit=True) as rows:
        before = rows.execute(BEATS).fetchall()
        processes = [
            started.enter_context(running(place, "worker", META_GRAPH_URL=graph.url))
            for _ in range(count)
        ]
        if not eventually(lambda: len(rows.execute(BEATS).fetchall()) == len(before) + count, 60):
            raise SystemExit("The workers do not run.")
        yield [process.pid for process in processes]


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def door(
    place: Place,
    count: int,
    channels: int,
    webhooks: Callable[[int, int], Iterable[bytes]] = load.spread,
    *,
    warm_up: int = 0,
) -> Figures:
    """Post `count` webhooks as fast as they are answered, after so many that are not counted."""
    posted = webhooks(warm_up + count, channels)
    with web(place) as (process, port):
        return flood(Figures(name="door"), place, process.pid, port, posted, warm_up=warm_up)


def flood(
    figures: Figures,
    place: Place,
    app: int,
    port: int,
    webhooks: Iterable[bytes],
    *,
    warm_up: int = 0,
    all_is_stored: Callable[[], bool] = lambda: True,
) -> Figures:
    """Post the webhooks to the process `app` as fast as they are answered. It is done when all is
    answered, and stored where that may come later. Raises SystemExit if it is never stored.
    The first `warm_up` of them are posted before, and not counted.
    """
    everything = list(webhooks)
    early, posted = everything[:warm_up], everything[warm_up:]

    async def post() -> list[float]:
        async with clients.connected(port, CLIENTS, apart=CONNECTED_APART) as connections:
            await clients.post_all(connections, iter(early))
            with measured(figures, apps=[app], postmaster=place.postmaster, count=len(posted)):
                waits = await clients.post_all(connections, iter(posted))
                if not eventually(all_is_stored, 60, pause=0.01):
                    raise SystemExit(f"{figures.name}: not all that was answered has been stored.")
        return waits

    figures.waits = [1000 * each for each in asyncio.run(post())]
    return figures


def latency(place: Place, count: int) -> Figures:
    """Post `count` webhooks one by one to an idle system. Its waits: from the webhook's POST to the
    beginning of the reply's.
    """
    graph, began = Graph(), dict[str, float]()
    with web(place) as (_, port), workers(place, 1, graph):
        for n in range(count):
            time.sleep(APART)
            began[load.sender(n, 0)] = time.perf_counter()
            asyncio.run(clients.post_once(port, load.body(n, load.message(n, 0))))
        if not eventually(lambda: set(began) <= set(graph.came), 30):
            raise SystemExit("Some replies never left.")
    graph.stop()
    waits = [1000 * (graph.came[to] - at) for to, at in began.items()]
    return Figures(name="latency, idle", waits=waits)


def beside_a_large_one(place: Place, seconds: int, channels: int) -> Figures:
    """Post 50 webhooks a second, and among them one of 3 MB with 1,000 messages every second, while
    a worker runs. Its waits: of the small ones.
    """
    graph, figures = Graph(), Figures(name="50 a second beside bodies of 3 MB")
    small = list(load.spread(50 * seconds, channels))
    large = list(load.large(1000 * seconds, 1000, text="x" * 2500))

    async def post(port: int) -> list[float]:
        others = asyncio.create_task(clients.post_steadily(port, large, per_second=1))
        waits = await clients.post_steadily(port, small, per_second=50)
        await others
        return waits

    with web(place) as (_, port), workers(place, 1, graph):
        figures.waits = [1000 * each for each in asyncio.run(post(port))]
    graph.stop()
    return figures
