"""The incident drill, where a disk is full: the media store's, the database's, that of the logs."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests

from tests.chaos.drill import SOON, Copy
from tests.chaos.full_disk import FullDisk
from tests.chaos.meta import body_of, post
from tests.chaos.running import Running, Web, command_of
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from whatsapp.stand_in.files import HeldFile

pytestmark = pytest.mark.whatsapp

HERE = "tests/chaos/test_full_disks.py"
PICTURE = HeldFile(b"\xff\xd8\xff\xe0" + bytes(256 * 1024))
FAILED = "SELECT count(*) FROM messaging.media WHERE status = 'pending' AND error <> ''"
TEN_MINUTES_AGO = "created_at = created_at - interval '10 minutes'"
FILL_THE_LOG = """
    DO $$ BEGIN FOR number IN 1..20 LOOP
        PERFORM pg_logical_emit_message(true, 'drill', repeat('x', 8000000)); COMMIT;
    END LOOP; END $$
"""
FULL = Path("/dev/full")
SEEN = """
    SELECT (SELECT count(*) FROM messaging.worker_heartbeats),
        (SELECT count(*) FROM jobs.procrastinate_workers)
"""


def test_a_full_disk_of_the_media_store(stage, tmp_path):
    store = tmp_path / "media"
    store.mkdir()
    disk = FullDisk(store, tmp_path / "full_disk.so")
    stage.settings |= {"MEDIA_ROOT": str(store), **disk.environment}
    stage.graph.files["7"] = PICTURE
    disk.fill()
    copy = Copy(stage)
    image = {"id": "7", "mime_type": "image/jpeg"}
    stage.write(copy.web, "", type="image", image=image)
    assert eventually(lambda: stage.rows(FAILED) == [(1,)], SOON)
    stage.rows(f"UPDATE messaging.media SET {TEN_MINUTES_AGO} RETURNING 1")

    assert copy.is_noticed("files_waiting", "MessagingFilesNotStored"), copy.problems()
    (shown,) = copy.mend("A disk is full", HERE)
    assert shown.startswith("Filesystem")
    disk.make_room()
    assert copy.is_over("MessagingFilesNotStored"), copy.problems()
    assert stage.rows("SELECT status, error FROM messaging.media") == [("stored", "")]


@pytest.fixture
def disk_of_the_database(stage, monkeypatch) -> Iterator[FullDisk]:
    """The server is started anew on it, and on an ordinary one afterwards."""
    server = stage.server
    disk = FullDisk(server.process.data, server.folder / "full_disk.so")
    with monkeypatch.context() as only_here:
        for name, value in disk.environment.items():
            only_here.setenv(name, value)
        server.process.stop()
        server.start()
        yield disk
    disk.make_room()
    stage.kill_all()
    server.process.stop()


def test_a_full_disk_of_the_database(disk_of_the_database, stage):
    """What needs a longer file is refused; with the next file of its log the server stops."""
    copy = Copy(stage)
    large = body_of(bodies.text(os.urandom(200_000).hex(), wamid="wamid.large"))
    disk_of_the_database.fill()
    assert post(copy.web.url, large).status == 503
    assert copy.fires("MessagingWebhooksNotStored")
    with stage.session() as session, pytest.raises(psycopg.OperationalError):
        session.execute(FILL_THE_LOG)
    assert eventually(lambda: stage.server.process.port() is None, SOON)
    status = stage.manage("status")

    assert status.returncode == 1
    assert "database" in status.stderr
    assert copy.fires("MessagingStateNotRead", part="platform")
    disk_of_the_database.make_room()
    stage.server.start()
    assert eventually(copy.is_ready, SOON)
    copy.mend("The database is away, or was restarted")
    assert copy.is_over("MessagingStateNotRead"), copy.problems()
    assert post(copy.web.url, large).status == 200
    stage.wait_until_calm()
    assert (stage.inbound(), stage.replies()) == (["wamid.large"], ["accepted"])


def test_a_full_disk_of_the_logs_stops_nothing(stage):
    settings = stage.settings | {"LOG_LEVEL": "DEBUG"}
    web = Web(settings, FULL)
    others = [Running(command_of(settings, each), settings, FULL) for each in ("worker", "jobs")]
    stage.processes += [web, *others]
    assert eventually(web.is_complete, SOON)
    assert eventually(lambda: stage.rows(SEEN) == [(1, 1)], SOON), (
        stage.rows(SEEN),
        [each.process.poll() for each in others],
    )

    for number in range(5):
        stage.write(web, f"message {number}")
    assert eventually(lambda: stage.replies() == ["accepted"] * 5, SOON)
    assert requests.get(f"{web.url}/nowhere", timeout=10).status_code == 404
    assert [each.is_alive() for each in (web, *others)] == [True] * 3
    status = stage.manage("status", "--json")
    assert (status.returncode, json.loads(status.stdout)["problems"]) == (0, [])
