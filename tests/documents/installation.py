"""A whole installation, as the documents leave a reader with one: PostgreSQL, `web` behind TLS, a
worker, jobs, Meta's stand-in, and Acme with a live number.
"""

import re
import shlex
from contextlib import suppress
from pathlib import Path

import psycopg

from config.development_database import PROJECT, free_port
from tests.chaos.running import Running
from tests.documents.reader import Reader
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY
from tests.support.copies import copy_project
from tests.support.processes import eventually
from tests.support.tls import write_certificate
from tests.support.whatsapp.channel import SECRET
from tests.support.whatsapp.connect_page import APP_ID
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.business import REGISTERED

TOKEN = "token-of-acme"
NEWCOMERS_ACCOUNT, NEWCOMERS_NUMBER = "300000000000003", "400000000000003"
IS_UP = {  # the line that a process writes as soon as it has passed its checks
    "web": "Listening at",
    "worker": "The worker is running.",
    "jobs": "Background tasks are being worked on.",
}
LINES = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())


class Installation:
    """`reader` follows the pages in it, `rows` is its database past row level security, `meta` what
    Meta would be.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder = name, copy_project(folder)
        database.create(name)
        self.rows = psycopg.connect(database.superuser_url(name), autocommit=True)
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        write_certificate(self.certificate, self.key)
        self.meta = StandIn(
            app_secret=SECRET,
            account_of=lambda number: number.replace("4", "3", 1),
            callback=f"{self.url}/api/webhooks/whatsapp",
            client_id=APP_ID,
            client_secret=SECRET,
        )
        self.open_accounts()
        self.environment = self.make_environment()
        self.reader = self.make_reader()
        self.processes: dict[str, Running] = {}

    def open_accounts(self) -> None:
        business = self.meta.business
        business.requires_proof = True
        for account, number in ((ACME_ACCOUNT, ACME_NUMBER), (NEWCOMERS_ACCOUNT, NEWCOMERS_NUMBER)):
            business.open_account(account, {"id": number, **REGISTERED}).callback = ""

    def make_environment(self) -> dict[str, str]:
        certificate = str(self.certificate)
        return database.process_environment(self.name) | {
            "DATABASE_OWNER_URL": database.owner_url(self.name),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "META_GRAPH_URL": self.meta.url,
            "META_APP_ID": APP_ID,
            "META_APP_SECRET": SECRET,
            "META_CONFIG_ID": "800000000000001",
            "WHATSAPP_APP_SECRET": SECRET,
            "MEDIA_ROOT": str(self.folder / "media"),
            "EMAIL_URL": f"filemail://{self.folder}/mails",
            "OPERATORS_EMAIL": "operators@example.com",
            "REQUESTS_CA_BUNDLE": certificate,
            "CURL_CA_BUNDLE": certificate,
            "TOKEN": TOKEN,
            "METRICS_TOKEN": "metrics-token-of-the-tests",
        }

    def make_reader(self) -> Reader:
        words = {
            "https://HOST": self.url,
            "https://graph.facebook.com": self.meta.url,
            "PHONE_NUMBER_ID": ACME_NUMBER,
            "WABA_ID": ACME_ACCOUNT,
            "EAAG...": TOKEN,
        }
        return Reader(
            self.folder,
            self.environment,
            words,
            address=self.url,
            owner_url=self.environment["DATABASE_OWNER_URL"],
        )

    def start(self) -> None:
        self.meta.start()
        for command in (
            'create_tenant acme --name "Acme Ltd."',
            f"connect_channel whatsapp --tenant acme --external-id {ACME_NUMBER} --account-id"
            f' {ACME_ACCOUNT} --token-env TOKEN --name "Acme support"',
            f'set_auto_reply --tenant acme "{REPLY}"',
        ):
            self.manage(command)
        for name in IS_UP:
            self.start_process(name)
        for name in IS_UP:
            self.until_up(name)

    def manage(self, command: str) -> str:
        done = self.reader.type(f"python manage.py {command}")
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start_process(self, name: str, **changes: str) -> None:
        bound = f"--bind 127.0.0.1:{self.port} --certfile {self.certificate} --keyfile {self.key}"
        environment = self.environment | {"GUNICORN_CMD_ARGS": bound} | changes
        log = self.folder / f"{name}.log"
        self.processes[name] = Running(shlex.split(LINES[name]), environment, log)

    def end_process(self, name: str) -> None:
        self.processes.pop(name).kill()

    def restart(self, name: str, **changes: str) -> None:
        """Start the process anew, with these variables and an empty log. Returns once it is up."""
        self.end_process(name)
        self.start_process(name, **changes)
        self.until_up(name)

    def until_up(self, name: str) -> None:
        log = self.folder / f"{name}.log"
        assert eventually(lambda: IS_UP[name] in log.read_text(), seconds=60), self.logs()
        self.until_ready()

    def until_ready(self) -> None:
        assert eventually(self.reader.is_ready, seconds=90), self.logs()

    def begin_logs_anew(self) -> None:
        """Leave no line in the logs that speaks of an earlier fault."""
        for name in ("web", "worker"):
            if re.search(" (WARNING|ERROR) ", (self.folder / f"{name}.log").read_text()):
                self.restart(name)

    def forget_messages(self) -> None:
        """Leave the installation as if nobody had written yet. Its processes go on looking at these
        tables, so one that crosses us is waited for.
        """
        tables = ("webhook_deliveries", "dead_letters", "contacts", "conversations", "messages")
        named = ", ".join(f"messaging.{table}" for table in tables)
        for _ in range(10):
            with suppress(psycopg.errors.DeadlockDetected):
                self.rows.execute(f"TRUNCATE {named} CASCADE")
                return
        raise AssertionError("The tables could not be emptied.")

    def forget_tenant(self, slug: str) -> None:
        """Leave the installation as if this tenant had never been made."""
        of_it = "(SELECT id FROM messaging.tenants WHERE slug = %s)"
        with self.rows.transaction():
            self.rows.execute("SET LOCAL session_replication_role = replica")
            for table in ("connect_links", "channels"):
                self.rows.execute(
                    f"DELETE FROM messaging.{table} WHERE tenant_id = {of_it}", [slug]
                )
            self.rows.execute("DELETE FROM messaging.tenants WHERE slug = %s", [slug])

    def logs(self) -> str:
        return "\n".join(log.read_text() for log in self.folder.glob("*.log"))

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
        self.meta.stop()
        self.rows.close()
