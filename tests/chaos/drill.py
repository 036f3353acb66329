"""The product at work in an incident, as an operator and Prometheus see it."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import requests

from config.development_database import free_port
from tests.chaos.operations_page import blocks_under, type_in
from tests.chaos.stage import Stage
from tests.support import alert_rules
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.processes import eventually
from whatsapp.stand_in.business import REGISTERED

HERE = "tests/chaos/test_drill.py"
METRICS_TOKEN = "metrics-token-of-the-tests"
SOON = 60


class Copy:
    """On a stage; `before`: what the metrics were when it was ready."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.since = stage, datetime.now(UTC)
        stage.settings |= {"METRICS_TOKEN": METRICS_TOKEN}
        business = stage.graph.business
        business.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER, **REGISTERED}).callback = ""
        port = free_port()
        self.web, self.worker = stage.web(), stage.worker(METRICS_PORT=str(port))
        self.told_at = self.web.url, f"http://127.0.0.1:{port}"
        self.jobs = stage.jobs()
        self.words = {
            "PHONE_NUMBER_ID": ACME_NUMBER,
            "WABA_ID": ACME_ACCOUNT,
            "2026-11-22T08:00+01:00": f"{self.since:%Y-%m-%dT%H:%M:%S+00:00}",
        }
        assert eventually(self.is_ready, SOON)
        self.before = self.scrape()

    def is_ready(self) -> bool:
        """Return whether the database answers and each kind of process gives a sign of life."""
        is_answering = requests.get(f"{self.web.url}/health/ready", timeout=10).ok
        return is_answering and self.problems() == []

    def scrape(self) -> alert_rules.Scrape:
        """What the web process tells, and the worker, while it runs."""
        scrape: alert_rules.Scrape = {}
        bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        for address in self.told_at:
            with suppress(requests.ConnectionError):
                answer = requests.get(f"{address}/metrics", headers=bearer, timeout=10)
                for name, samples in alert_rules.read(answer.text, address).items():
                    scrape[name] = scrape.get(name, {}) | samples
        return scrape

    def alerts(self, name: str) -> list[dict[str, str]]:
        return alert_rules.fires(name, self.before, self.scrape())

    def problems(self) -> list[str]:
        """The kinds of what `status` says needs a hand."""
        told = self.stage.manage("status", "--json").stdout
        return [problem["kind"] for problem in json.loads(told)["problems"]]

    def fires(self, alert: str, **labels: str) -> bool:
        """Return whether it fires soon: each process tells the state as it read it seconds ago."""
        return eventually(lambda: labels in self.alerts(alert), SOON, pause=1)

    def is_noticed(self, problem: str, alert: str, **labels: str) -> bool:
        return self.fires(alert, **labels) and self.problems() == [problem]

    def is_over(self, alert: str) -> bool:
        return eventually(lambda: not self.alerts(alert) and self.problems() == [], SOON, pause=1)

    def mend(self, heading: str, test: str = HERE, **environment: str) -> list[str]:
        """Type the steps that the page leaves to this test. Returns what each printed; each must
        succeed.
        """
        typed = [
            type_in(block, self.stage.settings | environment, self.words)
            for block in blocks_under(f"### {heading}", test)
            if block.language == "sh"
        ]
        failed = [(done.returncode, done.stdout) for done in typed if done.returncode]
        assert failed == [], failed
        return [done.stdout for done in typed]
