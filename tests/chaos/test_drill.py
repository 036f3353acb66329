"""The incident drill: each incident of docs/operations.md is provoked, is noticed by `status` and
by an alert rule, and is over once the page's steps were typed.
"""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.chaos.meta import body_of, post
from tests.chaos.operations_page import blocks_under, type_in
from tests.chaos.server import ACME_TOKEN
from tests.chaos.stage import CALM_SECONDS, Stage
from tests.support import alert_rules
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.poison import POISON
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from whatsapp.stand_in.business import REGISTERED
from whatsapp.stand_in.files import HeldFile

pytestmark = pytest.mark.whatsapp

HERE = "tests/chaos/test_drill.py"
METRICS_TOKEN = "metrics-token-of-the-tests"
AN_HOUR_AGO = "seen_at = seen_at - interval '1 hour'"
NEW_TOKEN = "new-token-of-acme"
SOON = 60
TOO_LARGE = b"\xff\xd8\xff\xe0" + bytes(256 * 1024)
ROOM = "128k"


class Copy:
    """The product at work on a stage, as an operator and Prometheus see it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.since = stage, datetime.now(UTC)
        stage.settings |= {"METRICS_TOKEN": METRICS_TOKEN}
        business = stage.graph.business
        business.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER, **REGISTERED}).callback = ""
        self.web, self.worker = stage.web(), stage.worker()
        stage.jobs()
        self.words = {
            "PHONE_NUMBER_ID": ACME_NUMBER,
            "WABA_ID": ACME_ACCOUNT,
            "2026-11-22T08:00+01:00": f"{self.since:%Y-%m-%dT%H:%M:%S+00:00}",
        }
        assert eventually(self.is_ready, SOON)
        self.before = self.scrape()

    def is_ready(self) -> bool:
        return requests.get(f"{self.web.url}/health/ready", timeout=10).ok

    def scrape(self) -> alert_rules.Scrape:
        bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        answer = requests.get(f"{self.web.url}/metrics", headers=bearer, timeout=10)
        return alert_rules.read(answer.text)

    def alerts(self, name: str) -> list[dict[str, str]]:
        return alert_rules.fires(name, self.before, self.scrape())

    def problems(self) -> list[str]:
        """The kinds of what `status` says needs a hand."""
        told = self.stage.manage("status", "--json").stdout
        return [problem["kind"] for problem in json.loads(told)["problems"]]

    def is_noticed(self, problem: str, alert: str, **labels: str) -> bool:
        fires = eventually(lambda: labels in self.alerts(alert), SOON, pause=1)
        return fires and self.problems() == [problem]

    def is_over(self, alert: str) -> bool:
        return eventually(lambda: not self.alerts(alert), SOON, pause=1) and self.problems() == []

    def mend(self, heading: str, **environment: str) -> list[str]:
        """Type the page's steps. Returns what each printed; each must succeed."""
        typed = [
            type_in(block, self.stage.settings | environment, self.words)
            for block in blocks_under(f"### {heading}", HERE)
            if block.language == "sh"
        ]
        assert [(done.returncode, done.stdout) for done in typed if done.returncode] == []
        return [done.stdout for done in typed]


@pytest.fixture
def copy(stage) -> Copy:
    return Copy(stage)


def test_a_killed_worker(copy):
    copy.worker.kill()
    copy.stage.rows(f"UPDATE messaging.worker_heartbeats SET {AN_HOUR_AGO} RETURNING 1")
    copy.stage.write(copy.web)

    assert copy.is_noticed("worker", "MessagingNotReady", check="worker"), copy.problems()
    (step,) = blocks_under("### A worker is gone or stuck", HERE)
    assert step.text == "python manage.py worker\n"
    copy.stage.worker()
    assert copy.is_over("MessagingNotReady"), copy.problems()
    copy.stage.wait_until_calm()
    assert copy.stage.replies() == ["accepted"]


def test_a_revoked_token(copy):
    copy.stage.graph.steps[ACME_TOKEN] = {"code": 190, "http": 401}
    copy.stage.write(copy.web)

    alert = "MessagingChannelNeedsAHand"
    assert copy.is_noticed("channel_parked", alert, kind="channel_parked"), copy.problems()
    copy.mend("A token was revoked", TOKEN=NEW_TOKEN)
    assert copy.is_over(alert), copy.problems()
    assert eventually(lambda: copy.stage.replies() == ["accepted"], CALM_SECONDS)
    assert len(copy.stage.graph.posts_with(NEW_TOKEN)) == 1


def test_a_database_that_is_restarted(copy):
    copy.stage.server.stop_at_once()
    refused = post(copy.web.url, body_of(bodies.text("while it is down", wamid="wamid.down")))
    status = copy.stage.manage("status")

    assert refused.status == 503
    assert status.returncode == 1
    assert "database" in status.stderr
    assert eventually(lambda: {"part": "platform"} in copy.alerts("MessagingStateNotRead"), SOON)
    assert copy.alerts("MessagingWebhooksNotStored") == [{}]
    copy.stage.server.start()
    assert eventually(copy.is_ready, SOON)
    copy.mend("The database is away, or was restarted")
    assert copy.is_over("MessagingStateNotRead")
    assert post(copy.web.url, body_of(bodies.text("again", wamid="wamid.down"))).status == 200
    assert eventually(lambda: copy.stage.replies() == ["accepted"], CALM_SECONDS)


def test_poison_that_is_delivered(copy):
    with copy.stage.session() as session:
        session.execute(POISON)
    copy.stage.write(copy.web, "poison", wamid="wamid.poison")

    assert copy.is_noticed("items_rejected", "MessagingItemsRejected"), copy.problems()
    with copy.stage.session() as session:
        session.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")
    assert copy.mend("Poison: items of webhooks are rejected") == ['1 of 1\n{"replayed": 1}\n']
    assert copy.is_over("MessagingItemsRejected"), copy.problems()
    assert copy.stage.inbound() == ["wamid.poison"]


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "media"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("Nothing may be mounted here.")
    yield folder
    subprocess.run(["/usr/bin/umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_of_the_media_store(small_disk, stage):
    stage.settings["MEDIA_ROOT"] = str(small_disk)
    stage.graph.files["7"] = HeldFile(TOO_LARGE)
    copy = Copy(stage)
    image = {"id": "7", "mime_type": "image/jpeg"}
    stage.write(copy.web, "", type="image", image=image)
    failed = "SELECT count(*) FROM messaging.media WHERE status = 'pending' AND error <> ''"
    assert eventually(lambda: stage.rows(failed) == [(1,)], SOON)
    older = "created_at = created_at - interval '10 minutes'"
    stage.rows(f"UPDATE messaging.media SET {older} RETURNING 1")

    assert copy.is_noticed("files_waiting", "MessagingFilesNotStored"), copy.problems()
    (shown,) = copy.mend("A disk is full")
    assert str(small_disk) in shown
    larger = ["mount", "-o", "remount,size=8m", str(small_disk)]
    subprocess.run(larger, check=True)
    assert copy.is_over("MessagingFilesNotStored"), copy.problems()
    assert stage.rows("SELECT status, error FROM messaging.media") == [("stored", "")]
