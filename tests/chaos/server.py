"""A PostgreSQL of the chaos tests alone: durable, on a port that it keeps, with Acme and Globex
made by the real commands.
"""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

from config.development_database import PROJECT, Server, create_owner, free_port
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER, REPLY
from tests.support.database import OWNER, RUNTIME

MAX_CONNECTIONS = 60
STAGED = "staged"  # copied for each test
BACKUP = "msg_backup"  # the role that docs/operations.md makes for backups
ACME_TOKEN, GLOBEX_TOKEN = "token-of-acme", "token-of-globex"
TENANTS = [
    ("acme", "Acme", ACME_NUMBER, ACME_ACCOUNT, ACME_TOKEN),
    ("globex", "Globex", GLOBEX_NUMBER, GLOBEX_ACCOUNT, GLOBEX_TOKEN),
]
NO_READ_ONLY = "-c default_transaction_read_only=off"


class ChaosServer:
    """fsync stays on: what these tests ask for is what a crash leaves. `place` is the code that
    prepares it.
    """

    def __init__(self, place: Path = PROJECT) -> None:
        self.place = place
        self.folder = Path(tempfile.mkdtemp(prefix="messaging-chaos-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.port = free_port()
        # so that what takes too many is noticed
        few = f"max_connections={MAX_CONNECTIONS}", "max_locks_per_transaction=10"
        self.process = Server(self.folder / "data", options=(f"port={self.port}", *few))
        self.names = (f"chaos_{number}" for number in itertools.count(1))

    @contextmanager
    def prepared(self) -> Iterator[Self]:
        """It runs with the database that each test gets a copy of; removed after the block."""
        try:
            self.start()
            self.prepare()
            yield self
        finally:
            self.remove()

    def start(self) -> None:
        self.process.start()

    def stop_at_once(self) -> None:
        """As a power cut leaves it: no checkpoint, no good-bye."""
        self.process.run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def remove(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def superuser_url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def runtime_url(self, name: str, port: int | None = None) -> str:
        return f"postgresql://{RUNTIME}:test@127.0.0.1:{port or self.port}/{name}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.superuser_url(name), autocommit=True, options=NO_READ_ONLY)

    def prepare(self) -> None:
        """The database that each test gets a copy of."""
        self.manage(
            "prepare_database",
            DATABASE_OWNER_URL=create_owner(self.superuser_url("postgres"), OWNER, STAGED),
        )
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.set_up_tenant, TENANTS))

    def set_up_tenant(self, tenant: tuple[str, str, str, str, str]) -> None:
        slug, name, number, account, token = tenant
        self.manage("create_tenant", slug, "--name", name)
        connect_channel(self.environment(STAGED), slug, number, account, token, self.place)
        self.manage("set_auto_reply", "--tenant", slug, REPLY)

    def manage(self, *arguments: str, **changes: str) -> None:
        run_command(self.environment(STAGED) | changes, *arguments, place=self.place)

    def environment(self, name: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.runtime_url(name),
        }

    def new_database(self) -> str:
        name = next(self.names)
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {STAGED} OWNER {OWNER}")
        return name

    def put_right(self, name: str) -> None:
        """After a test: running, as it was set up, and without the test's database."""
        self.start()
        with self.connect() as connection:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP ROLE IF EXISTS {BACKUP}")


def connect_channel(
    environment: dict[str, str],
    slug: str,
    number: str,
    account: str,
    token: str,
    place: Path = PROJECT,
) -> None:
    given = [
        "--tenant",
        slug,
        "--external-id",
        number,
        "--account-id",
        account,
        "--token-env",
        "TOKEN",
        "--no-check",
    ]
    run_command(environment | {"TOKEN": token}, "connect_channel", "whatsapp", *given, place=place)


def run_command(environment: dict[str, str], *arguments: str, place: Path = PROJECT) -> None:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")
