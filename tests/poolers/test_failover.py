"""The primary moves behind a PgBouncer that is told so, as docs/operations.md says: what the
processes and Meta see of it, and what becomes of the messages.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.development_database import programs
from tests.chaos.meta import crowd, people
from tests.chaos.operations_page import blocks_under, type_in
from tests.chaos.server import ChaosServer
from tests.chaos.stage import Stage
from tests.chaos.standby import Standby, lose
from tests.support.database import RUNTIME
from tests.support.pgbouncer import PgBouncer
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

HERE, SECTION = "tests/poolers/test_failover.py", "### With a pooler in between"
SESSIONS = 20
PER_SECOND, MORE = 10, 30
SOON = 60
PATIENCE_SECONDS = 10  # Meta waits no longer for an answer
AS_THE_PAGE_SAYS = """
query_wait_timeout = 5
server_connect_timeout = 3
server_login_retry = 1
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ChaosServer]:
    server = ChaosServer()
    try:
        server.start()
        server.prepare()
        yield server
    finally:
        server.remove()


@pytest.fixture
def standby(server: ChaosServer) -> Iterator[Standby]:
    standby = Standby(server)
    try:
        standby.start()
        standby.is_waited_for("on")
        yield standby
    finally:
        standby.remove()


@pytest.fixture
def pooler(server: ChaosServer) -> Iterator[PgBouncer]:
    url = server.superuser_url("postgres")
    pooler = PgBouncer(url, "transaction", SESSIONS, RUNTIME, more=AS_THE_PAGE_SAYS)
    yield pooler
    pooler.stop()


@pytest.fixture
def stage(standby: Standby, pooler: PgBouncer, tmp_path: Path) -> Iterator[Stage]:
    """Its processes know the database by the pooler alone."""
    stage = Stage(standby.primary, tmp_path)
    url = f"postgresql://{RUNTIME}:test@127.0.0.1:{pooler.port}/{stage.name}?pgbouncer=true"
    stage.settings["DATABASE_URL"] = url
    yield stage
    stage.close()


@pytest.fixture
def typed(stage: Stage, standby: Standby, pooler: PgBouncer):
    """Type a block of the page."""
    path = os.pathsep.join([str(programs()[0]), os.environ["PATH"]])
    environment = {**stage.settings, "PATH": path, "POOLER_URL": pooler.console()}
    words = {
        "host=db1": f"port={standby.primary.port}",
        "host=db2": f"port={standby.port}",
        "/etc/pgbouncer/pgbouncer.ini": str(pooler.settings),
    }

    def typed(block) -> None:
        done = type_in(block, environment, words)
        assert done.returncode == 0, done.stdout

    return typed


def finish(stage: Stage, traffic) -> list[str]:
    """Let the traffic end. Returns the messages that were stored."""
    traffic.end_after(traffic.begun + MORE)
    assert traffic.wait(SOON)
    stage.wait_until_calm()
    return sorted(stage.inbound())


def test_the_primary_is_lost_and_the_pooler_is_told_of_the_new_one(stage, standby, typed, say):
    repoint, *_ = blocks_under(SECTION, HERE)
    web, worker, jobs = stage.web(), stage.worker(), stage.jobs()
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: "accepted" in stage.replies(), SOON)

    seen = len(traffic.answers)
    lose(stage.server)
    assert eventually(lambda: 503 in [each.status for each in traffic.answers[seen:]], SOON)
    standby.promote()
    stage.server = standby
    typed(repoint)
    stored = finish(stage, traffic)

    meanwhile = list(traffic.answers[seen:])
    slowest = max(answer.seconds for answer in meanwhile)
    refused = [answer.status for answer in meanwhile if answer.status != 200]
    say(f"{len(refused)} webhooks got 503; the slowest answer took {slowest:.1f} s")
    assert (set(refused), slowest < PATIENCE_SECONDS) == ({503}, True)
    assert stored == [message["id"] for message in crowd(traffic.begun)]
    stage.assert_the_books_balance()
    assert (worker.is_alive(), jobs.is_alive()) == (True, True)


def test_the_primary_moves_while_the_pooler_pauses_and_nobody_is_refused(
    stage, standby, typed, say
):
    _, pause, go_on = blocks_under(SECTION, HERE)
    web, worker = stage.web(), stage.worker()
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: "accepted" in stage.replies(), SOON)

    typed(pause)
    stage.server.process.stop()
    standby.promote()
    stage.server = standby
    typed(go_on)
    stored = finish(stage, traffic)

    slowest = max(answer.seconds for answer in traffic.answers)
    say(f"every webhook got 200; the slowest answer took {slowest:.1f} s")
    assert {answer.status for answer in traffic.answers} == {200}
    assert stored == [message["id"] for message in crowd(traffic.begun)]
    assert set(stage.replies()) == {"accepted"}
    stage.assert_the_books_balance()
    assert worker.is_alive()
