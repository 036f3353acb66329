"""Every process of hardened mode as production runs it, each with the login that it was given."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.meta import Graph
from tests.chaos.running import Running, Web, Worker
from tests.support import database
from tests.tenants.hardened.stage import Hardened

pytestmark = pytest.mark.whatsapp

SERVING = ("webhooks", "api", "pages", "back-office")


@dataclass(frozen=True)
class Site:
    """`webs`: the serving processes, by name; `graph`: Meta's side."""

    webs: dict[str, Web]
    graph: Graph

    def url(self, process: str) -> str:
        return self.webs[process].url


@contextmanager
def running(stage: Hardened, folder: Path) -> Iterator[Site]:
    graph = Graph()
    graph.start()
    started: list[Running] = []

    def environment(process: str) -> dict[str, str]:
        own = {"META_GRAPH_URL": graph.url, "MEDIA_ROOT": str(folder / "media")}
        return database.process_environment(stage.name) | own | stage.environment_of(process)

    try:
        webs = {}
        for process in SERVING:
            webs[process] = Web(environment(process), folder / f"{process}.log")
            started.append(webs[process])
        worker = Worker(environment("worker"), folder / "worker.log")
        jobs = [sys.executable, "manage.py", "jobs"]
        started += [worker, Running(jobs, environment("jobs"), folder / "jobs.log")]
        for web in webs.values():
            web.wait_until_it_answers()
        worker.wait_until_it_runs()
        yield Site(webs, graph)
    finally:
        for each in started:
            each.kill()
        graph.stop()
