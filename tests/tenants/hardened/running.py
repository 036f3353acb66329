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
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp.connect_page import APP_ID, APP_SECRET, PAGE
from tests.tenants.hardened.stage import PROCESSES, Hardened

pytestmark = pytest.mark.whatsapp

DENIED = "42501"
SERVING = ("webhooks", "api", "pages", "back-office")


@dataclass(frozen=True)
class Site:
    """`webs`: the serving processes, by name; `graph`: Meta's side; `mails`: what was sent."""

    webs: dict[str, Web]
    graph: Graph
    mails: Path

    def url(self, process: str) -> str:
        return self.webs[process].url


def meta() -> Graph:
    """With Acme's account, whose number is not registered yet."""
    graph = Graph()
    business = graph.business
    business.client_id, business.client_secret = APP_ID, APP_SECRET
    business.requires_proof = True
    number = {"id": ACME_NUMBER, "display_phone_number": "+46 70 000 00 00"}
    business.open_account(ACME_ACCOUNT, number, name="Acme").callback = ""
    return graph


@contextmanager
def running(stage: Hardened, folder: Path, **changes: str) -> Iterator[Site]:
    graph = meta()
    graph.start()
    started: list[Running] = []
    of_all = {
        "META_GRAPH_URL": graph.url,
        "META_APP_ID": APP_ID,
        "META_APP_SECRET": APP_SECRET,
        "META_CONFIG_ID": "800000000000001",
        "META_REDIRECT_URI": f"http://127.0.0.1:8000{PAGE}callback",
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": f"filemail://{folder / 'mails'}",
    } | changes

    def environment(process: str) -> dict[str, str]:
        return database.process_environment(stage.name) | of_all | stage.environment_of(process)

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
        yield Site(webs, graph, folder / "mails")
    finally:
        for each in started:
            each.kill()
        graph.stop()


@contextmanager
def running_unrefused(stage: Hardened, folder: Path, **changes: str) -> Iterator[Site]:
    """Afterwards no process was refused anything by the database."""
    with running(stage, folder, **changes) as site:
        yield site
    logs = {log.name: log.read_text() for log in folder.glob("*.log")}
    assert len(logs) == len(PROCESSES)
    assert [name for name, log in logs.items() if DENIED in log or "denied" in log] == []
