"""The product at work with canaries for its secrets, and all that it and its neighbours say."""

import subprocess

import requests

from config.development_database import PROJECT
from tests.chaos.canaries.graph import Echo
from tests.chaos.canaries.watch import Watch
from tests.chaos.canaries.words import DATABASE_PASSWORD, META_SECRET, METRICS_TOKEN, SECRETS
from tests.chaos.stage import Stage
from tests.support.api import Caller
from tests.support.invitations import Browser
from tests.support.mailbox import Mailbox
from tests.support.processes import eventually, manage_in
from tests.support.sentry import Sentry
from tests.support.subscriber import Subscriber

APP_ID, CONFIG_ID = "700000000000001", "800000000000001"
OPERATORS = "operators@example.org"
PATIENCE_SECONDS = 60


class Copy:
    """`secrets`: each of them by its name, those too that are made on the way. `answers`: every
    answer of the web process, and those `without_permission` to who may see nothing. `commands`:
    what the operator's commands wrote. `olga`: an operator's browser; `shop`: Acme's own software.
    """

    shop: Caller

    def __init__(self, stage: Stage, form: str) -> None:
        self.stage, self.form = stage, form
        self.secrets = dict(SECRETS)
        self.answers: list[requests.Response] = []
        self.without_permission: list[requests.Response] = []
        self.commands: list[str] = []
        self.olga = Browser()
        self.sentry, self.mailbox, self.subscriber = Sentry(), Mailbox(), Subscriber()
        self.log_of_postgresql = stage.server.process.data / "server.log"
        self.log_begins = self.log_of_postgresql.stat().st_size
        self.files = stage.folder / "media"
        self.files.mkdir()
        stage.graph.stop()
        self.graph = stage.graph = Echo()
        self.graph.start()
        self.graph.business.client_id, self.graph.business.client_secret = APP_ID, META_SECRET
        stage.settings |= self.environment()
        self.watch = Watch(stage)
        stage.ending.callback(self.close)
        self.web, self.worker, self.jobs = stage.web(), stage.worker(), stage.jobs()

    def environment(self) -> dict[str, str]:
        with_password = self.stage.settings["DATABASE_URL"].replace(
            ":test@", f":{DATABASE_PASSWORD}@"
        )
        return {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.canaries.settings",
            "DATABASE_URL": with_password,
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": self.form,
            "SENTRY_DSN": self.sentry.dsn,
            "METRICS_TOKEN": METRICS_TOKEN,
            "META_GRAPH_URL": self.graph.url,
            "META_DIALOG_URL": self.graph.url,
            "META_SDK_URL": f"{self.graph.url}/en_US/sdk.js",
            "META_APP_ID": APP_ID,
            "META_APP_SECRET": META_SECRET,
            "META_CONFIG_ID": CONFIG_ID,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
            "OPERATORS_EMAIL": OPERATORS,
            "MEDIA_ROOT": str(self.files),
            "WEBHOOK_ALLOWED_HOSTS": ":".join(map(str, self.subscriber.place)),
        }

    def close(self) -> None:
        self.watch.stop()
        for each in (self.graph, self.subscriber, self.sentry, self.mailbox):
            each.stop()

    def manage(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """A command of an operator's; what it writes is kept."""
        done = manage_in(PROJECT, self.stage.settings | changes, *arguments)
        self.commands.append(done.stdout + done.stderr)
        return done

    def told_by(self, *arguments: str) -> str:
        """What a command prints that tells a secret to whom it is made for; only its errors are
        kept.
        """
        done = manage_in(PROJECT, self.stage.settings, *arguments)
        assert done.returncode == 0, done.stderr
        self.commands.append(done.stderr)
        return done.stdout

    def wait(self, query: str, number: int = 1) -> None:
        """Until the query counts so many."""
        assert eventually(lambda: self.stage.rows(query) >= [(number,)], PATIENCE_SECONDS), query

    def mails(self, to_operators: bool) -> list[str]:
        """Subject and text of each."""
        return [
            f"{mail['Subject']}\n{mail.get_content()}"
            for mail in self.mailbox.taken
            if (mail["To"] == OPERATORS) is to_operators
        ]
