"""This release is put over the last one while webhooks come in: the release step beside the last
release's processes, then ours instead of them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.development_database import create_owner
from tests import releases
from tests.chaos.earlier import EarlierProcesses
from tests.chaos.length import IS_LONG
from tests.chaos.meta import Traffic, people
from tests.chaos.running import Running, Web, command_of
from tests.chaos.server import ChaosServer
from tests.chaos.stage import Stage
from tests.support.database import OWNER
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

PER_SECOND = 50 if IS_LONG else 20
RELEASE_SECONDS = 300
# the server notes who has waited for a lock for longer than its deadlock_timeout, a second
NOTE_WAITS = "ALTER SYSTEM SET log_lock_waits = on"
WAITED = re.compile(r"still waiting for RowExclusiveLock on relation (\d+)")
DUMP = "BEGIN; LOCK TABLE messaging.webhook_deliveries IN ACCESS SHARE MODE"
TABLE = "SELECT 'messaging.webhook_deliveries'::regclass::oid"
COUNTS = """
    SELECT (SELECT count(*) FROM messaging.messages WHERE direction = 'inbound'),
        (SELECT count(*) FROM messaging.messages WHERE direction = 'outbound'
            AND status = 'accepted'),
        (SELECT count(*) FROM messaging.dead_letters)
"""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.unpack(tmp_path_factory.mktemp("earlier"))


@pytest.fixture
def stage(earlier: Path, tmp_path: Path) -> Iterator[Stage]:
    """A server that the last release has prepared."""
    with ChaosServer(earlier).prepared() as server:
        stage = Stage(server, tmp_path)
        yield stage
        stage.close()


def release_step(stage: Stage) -> Running:
    """`prepare_database` of this release, under way."""
    owner = create_owner(stage.server.superuser_url("postgres"), OWNER, stage.name)
    settings = stage.settings | {"DATABASE_OWNER_URL": owner}
    step = Running(command_of(settings, "prepare_database"), settings, stage.folder / "step.log")
    stage.processes.append(step)
    return step


def long_waits(stage: Stage) -> int:
    """How many have waited longer than a second until they could store or lease a webhook."""
    ((table,),) = stage.rows(TABLE)
    log = (stage.server.process.data / "server.log").read_text()
    return WAITED.findall(log).count(str(table))


def go_on(traffic: Traffic) -> None:
    begun = traffic.begun
    assert eventually(lambda: traffic.begun > begun + PER_SECOND, RELEASE_SECONDS)


def replace(old: EarlierProcesses, stage: Stage, web: list[Web], traffic: Traffic) -> None:
    """In the order of docs/deployment.md: jobs, web, worker."""
    old.jobs.process.terminate()
    stage.jobs()
    web.append(stage.web())
    go_on(traffic)
    old.web.process.terminate()
    assert old.web.process.wait(RELEASE_SECONDS) == 0
    stage.worker()
    old.worker.process.terminate()
    assert old.worker.process.wait(RELEASE_SECONDS) == 0


def test_a_release_goes_over_the_last_one_under_load_and_no_webhook_fails(stage, earlier, say):
    """The webhooks' table is kept by a dump at first: the release step gives way to who stands
    behind it, and goes on when the dump has ended.
    """
    with stage.server.connect() as connection:
        connection.execute(NOTE_WAITS)
        connection.execute("SELECT pg_reload_conf()")
    old = EarlierProcesses(stage, earlier)
    web = [old.web]
    traffic = stage.traffic(old.web, people(), per_second=PER_SECOND)
    traffic.url = lambda: web[-1].url
    assert eventually(lambda: stage.rows(COUNTS)[0][1] > 0)

    dump = stage.session()
    dump.execute(DUMP)
    step = release_step(stage)
    assert eventually(lambda: b"gives way" in step.log.read_bytes(), RELEASE_SECONDS)
    dump.execute("COMMIT")
    beside_the_dump = long_waits(stage)
    assert step.process.wait(RELEASE_SECONDS) == 0, step.log.read_text()
    beside_the_step = long_waits(stage) - beside_the_dump
    go_on(traffic)  # the old code, the new schema
    replace(old, stage, web, traffic)
    traffic.end_after(traffic.begun + PER_SECOND)
    assert traffic.wait(RELEASE_SECONDS)
    stage.wait_until_calm(RELEASE_SECONDS)

    slowest = max(each.seconds for each in traffic.answers)
    say(f"{traffic.begun} webhooks, the slowest in {slowest:.2f} s")
    say(f"waits over 1 s: {beside_the_dump} with the dump, {beside_the_step} with the step alone")
    assert [each.status for each in traffic.answers] == [200] * traffic.begun
    assert stage.rows(COUNTS) == [(traffic.begun, traffic.begun, 0)]
    assert set(stage.posts().values()) == {1}
    assert "Traceback" not in old.logs()
