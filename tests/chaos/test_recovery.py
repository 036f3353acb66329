"""A purge of everything, by mistake and under load: a new server is recovered to the moment before
it, as docs/operations.md says. What was recorded then is there, and what left since does not leave
again.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from config.development_database import NOBODY, programs
from tests.chaos.meta import crowd, people
from tests.chaos.operations_page import blocks_under, type_in
from tests.chaos.server import BACKUP, ChaosServer
from tests.chaos.stage import Stage
from tests.documents.pages import Block
from tests.support.database import OWNER
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

HERE = "tests/chaos/test_recovery.py"
PER_SECOND, BEFORE_THE_BACKUP, WAITING, AFTER_IT = 20, 10, 12, 12
SOON = 60
NOW = "SELECT clock_timestamp()::text"
ARCHIVED = "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= %s"
WAITED = "SELECT count(*) FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL"
LAST_SEGMENT = "SELECT pg_walfile_name(pg_current_wal_lsn())"


def given_to_the_server(folder: Path) -> None:
    """The page's commands are typed as the server's own user; a test may be root."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


@pytest.fixture
def stage(archive: Path, stage: Stage) -> Stage:
    """The stage, that the server archives beside."""
    return stage


@pytest.fixture
def archive(chaos_server: ChaosServer) -> Iterator[Path]:
    """The folder of the archive; the server archives no more after the test."""
    folder = chaos_server.folder / "archive"
    folder.mkdir()
    given_to_the_server(folder)
    yield folder
    restart(chaos_server)


@pytest.fixture
def recovered() -> Iterator[ChaosServer]:
    """A server whose data the test makes."""
    server = ChaosServer()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture
def typed(stage: Stage, archive: Path, recovered: ChaosServer) -> Callable[..., str]:
    """Type a block of the page, with more in the environment. Returns what it prints."""
    old, name = stage.server, stage.name
    environment = {
        **stage.settings,
        "PATH": os.pathsep.join([str(programs()[0]), os.environ["PATH"]]),
        "SERVER_URL": old.superuser_url("postgres"),
        "BACKUP_URL": f"postgresql://{BACKUP}@127.0.0.1:{old.port}/{name}",
        "WAL_ARCHIVE": str(archive),
        "BASE_BACKUP": str(recovered.folder / "base"),
        "NEW_DATA": str(recovered.process.data),
        "DATABASE_URL": recovered.runtime_url(name),
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}:test@127.0.0.1:{recovered.port}/{name}",
    }

    def typed(block: Block, **more: str) -> str:
        done = type_in(block, environment | more, {})
        assert done.returncode == 0, done.stdout
        return done.stdout

    return typed


def restart(server: ChaosServer) -> None:
    server.process.stop()
    server.start()


def have_archived(stage: Stage, switch: Callable[[], object]) -> None:
    """Until the archive has all that the server has written."""
    ((segment,),) = stage.rows(LAST_SEGMENT)
    switch()
    assert eventually(lambda: stage.rows(ARCHIVED, segment) == [(1,)], SOON)


def start_as_recovered(stage: Stage, recovered: ChaosServer) -> None:
    """The stage asks the recovered server from now on."""
    given_to_the_server(recovered.folder)
    recovered.start()
    stage.server = recovered
    stage.settings["DATABASE_URL"] = recovered.runtime_url(stage.name)
    assert eventually(lambda: stage.rows("SELECT pg_is_in_recovery()") == [(False,)], SOON)
    log = (recovered.process.data / "server.log").read_text()
    assert log.count("recovery stopping before commit of transaction") == 1


def test_a_server_is_recovered_to_the_moment_before_a_mistake(stage, recovered, typed, say):
    role, *_ = blocks_under("## Backup and restore", "tests/chaos/test_backup.py")
    archiving, base, switch, recover, hold = blocks_under("### Point in time", HERE)
    old = stage.server
    with stage.session() as session:
        session.execute(role.text)
    typed(archiving)
    restart(old)
    web, worker = stage.web(), stage.worker()
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: stage.replies().count("accepted") >= BEFORE_THE_BACKUP, SOON)
    typed(base)
    worker.suspend()
    begun = len(traffic.answers)
    assert eventually(lambda: len(traffic.answers) >= begun + WAITING, SOON)
    stored = {body["id"] for body in crowd(len(traffic.answers) // 2)}
    ((moment,),) = stage.rows(NOW)
    worker.continue_()
    sent = len(stage.graph.ledger)
    assert eventually(lambda: len(stage.graph.ledger) >= sent + WAITING + AFTER_IT, SOON)
    mistake = stage.manage("purge", "--messages", "0", "--bodies", "0")
    traffic.end_after(traffic.begun)
    assert (mistake.returncode, traffic.wait(SOON)) == (0, True), mistake.stderr
    stage.wait_until_calm()
    left = len(stage.graph.ledger)
    worker.kill()
    web.kill()
    have_archived(stage, lambda: typed(switch))
    old.process.stop()

    typed(recover, MOMENT=moment)
    start_as_recovered(stage, recovered)
    ((waiting,),) = stage.rows(WAITED)
    told = json.loads(typed(hold).splitlines()[-1])
    say(f"webhooks that waited at the moment: {waiting}; {told}")
    assert (waiting > 0, told["webhooks_waiting"]) == (True, 0)
    assert stored - set(stage.inbound()) == set()
    assert set(stage.replies()) - {"sending"} == {"accepted", "unknown"}

    stage.jobs()
    stage.worker()
    web = stage.web()
    assert eventually(lambda: requests.get(f"{web.url}/health/ready", timeout=10).ok, SOON)
    stage.write(web, "after the recovery", wamid="wamid.after")
    stage.wait_until_calm()
    assert (len(stage.graph.ledger), stage.replies()[-1]) == (left + 1, "accepted")
