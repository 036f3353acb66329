"""What the Procfile's processes do: webhooks under load, and the time from a webhook to the POST of
its reply.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config.development_database import PROJECT, free_port
from tests.benchmarks import load
from tests.benchmarks.figures import Figures, measured
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.support.processes import eventually

CLIENTS = 8
APART = 0.4  # seconds between two webhooks on an idle system


@contextmanager
def running(place: Place, name: str, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a line of the Procfile until the block ends."""
    lines = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        lines[name].split(),
        cwd=PROJECT,
        env=place.environment(PATH=path, **changes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def web(place: Place) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the web process. Yields it, answering, and its port."""
    port = free_port()
    with running(place, "web", PORT=str(port)) as process:
        if not eventually(lambda: answers(port), 60):
            raise SystemExit("The web process does not answer.")
        yield process, port


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def door(place: Place, count: int, channels: int) -> Figures:
    """Post `count` webhooks as fast as they are answered."""
    figures, posted = Figures(name="door"), list(load.spread(count, channels))
    with (
        web(place) as (process, port),
        measured(figures, app=process.pid, postmaster=place.postmaster, count=count),
    ):
        waits = asyncio.run(load.post_all(port, iter(posted), clients=CLIENTS))
    figures.waits = [1000 * each for each in waits]
    return figures


def latency(place: Place, count: int) -> Figures:
    """Post `count` webhooks one by one to an idle system. Its waits: from the webhook's POST to the
    beginning of the reply's.
    """
    graph, began = Graph(), dict[str, float]()
    with (
        web(place) as (_, port),
        running(place, "worker", META_GRAPH_URL=graph.url),
    ):
        time.sleep(5)
        for n in range(count):
            time.sleep(APART)
            began[load.sender(n, 0)] = time.perf_counter()
            posted = iter([load.body(n, load.message(n, 0))])
            asyncio.run(load.post_all(port, posted, clients=1))
        if not eventually(lambda: set(began) <= set(graph.came), 30):
            raise SystemExit("Some replies never left.")
    graph.stop()
    waits = [1000 * (graph.came[to] - at) for to, at in began.items()]
    return Figures(name="latency, idle", waits=waits)
