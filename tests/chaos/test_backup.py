"""A backup that is taken under load, as docs/operations.md says, is restored into an empty server:
all that was answered 200 before is in it, `status` tells what was in flight, and work goes on.
"""

import json
import os
from collections.abc import Iterator

import pytest
import requests

from config.development_database import programs
from tests.chaos.meta import crowd, people
from tests.chaos.operations_page import blocks_under, type_in
from tests.chaos.server import ChaosServer
from tests.support.cast import ACME_NUMBER
from tests.support.database import OWNER
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

HERE = "tests/chaos/test_backup.py"
PER_SECOND, STORED_BEFORE, IN_ALL = 20, 20, 60
WAITING = """SELECT
    (SELECT count(*) FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL),
    (SELECT count(*) FROM messaging.messages WHERE status = 'sending')"""
SOON = 60


@pytest.fixture
def empty_server() -> Iterator[ChaosServer]:
    server = ChaosServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def counts(status: str) -> dict[str, int]:
    """What `status --json` counts, by its words."""
    return {what: row["number"] for what, row in json.loads(status)["counts"].items()}


def test_a_backup_taken_under_load_is_restored_into_an_empty_server(stage, empty_server, tmp_path):
    old, name = stage.server, stage.name
    path = os.pathsep.join([str(programs()[0]), os.environ["PATH"]])
    environment = {
        **stage.settings,
        "PATH": path,
        "BACKUP_URL": f"postgresql://msg_backup@127.0.0.1:{old.port}/{name}",
        "NEW_SERVER_URL": empty_server.superuser_url("postgres"),
        "NEW_DATABASE_URL": empty_server.superuser_url(name),
        "DATABASE_URL": empty_server.runtime_url(name),
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}:test@127.0.0.1:{empty_server.port}/{name}",
    }
    words = {
        "roles.sql": str(tmp_path / "roles.sql"),
        "messaging.dump": str(tmp_path / "messaging.dump"),
        "DATABASE messaging ": f"DATABASE {name} ",
    }
    role, dump, restore, hold = blocks_under("## Backup and restore", HERE)
    web, worker = stage.web(), stage.worker()
    stage.graph.answering.clear()
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: len(stage.graph.ledger) > 0)
    worker.suspend()
    assert eventually(lambda: len(traffic.answers) >= STORED_BEFORE)
    with stage.session() as session:
        session.execute(role.text)
    taken = {body["id"] for body in crowd(len(traffic.answers) // 2)}
    dumped = type_in(dump, environment, words)
    assert dumped.returncode == 0, dumped.stdout
    traffic.end_after(IN_ALL)
    assert traffic.wait(SOON)
    worker.kill()
    web.kill()

    restored = type_in(restore, environment, words)
    assert restored.returncode == 0, restored.stdout
    stage.server = empty_server
    stage.settings["DATABASE_URL"] = environment["DATABASE_URL"]
    ((waiting, sending),) = stage.rows(WAITING)
    told = counts(stage.manage("status", "--json").stdout)

    assert waiting > 0 and sending > 0
    assert (told["webhooks waiting"], told["messages being sent"]) == (waiting, sending)
    held = type_in(hold, environment, words)
    assert held.returncode == 0, held.stdout
    # what waited in the backup was answered by the old server, or may have been
    assert json.loads(held.stdout.splitlines()[-1])["webhooks_waiting"] == 0
    # what was being sent becomes unknown by itself
    assert set(stage.replies()) - {"sending"} == {"unknown"}
    stage.graph.answering.set()
    stage.jobs()
    stage.worker()
    web = stage.web()
    assert eventually(lambda: requests.get(f"{web.url}/health/ready", timeout=10).ok, SOON)
    stage.write(web, "after the restore", wamid="wamid.after")
    stage.wait_until_calm()
    assert taken - set(stage.inbound()) == set()
    assert stage.replies()[-1] == "accepted"
    assert [each for each in stage.posts().values() if each > 1] == []
    made = stage.manage("create_api_key", "--tenant", "acme", "--name", "Shop")
    bearer = {"Authorization": f"Bearer {json.loads(made.stdout)['key']}"}
    channels = requests.get(f"{web.url}/api/v1/channels", headers=bearer, timeout=20).json()
    assert [each["external_id"] for each in channels["items"]] == [ACME_NUMBER]
