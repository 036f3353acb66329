"""A database in hardened mode: prepared by the real command, with Acme on WhatsApp."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import CompletedProcess

import psycopg
from psycopg import sql

from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY
from tests.support.database import nobody_else_preparing
from tests.support.processes import manage
from tests.tenants.preparing import drop, url_of

PROCESSES = ("webhooks", "api", "pages", "back-office", "worker", "jobs")


def variable_of(process: str) -> str:
    return f"{process.upper().replace('-', '_')}_LOGIN_PASSWORD"


@dataclass(frozen=True)
class Hardened:
    """`role`: the runtime role, which no process signs in as; `told`: what the command printed."""

    name: str
    role: str
    passwords: dict[str, str]
    told: dict[str, object]

    def login_of(self, process: str) -> str:
        return f"{self.role}_{process.replace('-', '_')}"

    def environment_of(self, process: str) -> dict[str, str]:
        """What a process is given beside what all have."""
        address: str = self.told["logins"][process]  # type: ignore[index]
        url = address.replace("PASSWORD", self.passwords[process])
        return {"PROCESS": process, "DATABASE_URL": url}

    def connect(self, process: str) -> psycopg.Connection:
        return psycopg.connect(self.environment_of(process)["DATABASE_URL"], autocommit=True)

    def manage(self, process: str, *arguments: str, **more: str) -> CompletedProcess[str]:
        return manage(self.name, *arguments, **self.environment_of(process), **more)

    def order(self, *arguments: str, **more: str) -> CompletedProcess[str]:
        """A command of the operators' that succeeds."""
        done = self.manage("back-office", *arguments, **more)
        assert done.returncode == 0, done.stderr
        return done


def prepare(
    name: str, role: str, passwords: dict[str, str], *arguments: str
) -> CompletedProcess[str]:
    given = {variable_of(process): word for process, word in passwords.items()}
    urls = {
        "DATABASE_OWNER_URL": database.owner_url(name),
        "DATABASE_URL": url_of(role, name, "of-the-release-step"),
    }
    return manage(name, "prepare_database", *arguments, **urls, **given)


@contextmanager
def hardened(name: str, role: str) -> Iterator[Hardened]:
    passwords = {process: secrets.token_urlsafe(24) for process in PROCESSES}
    database.create(name)
    with nobody_else_preparing():
        done = prepare(name, role, passwords, "--hardened")
    assert done.returncode == 0, done.stderr
    yield Hardened(name, role, passwords, json.loads(done.stdout))
    with nobody_else_preparing() as server:
        drop(server, name)
        for each in (role, *(f"{role}_{process.replace('-', '_')}" for process in PROCESSES)):
            server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(each)))


def set_up_acme(stage: Hardened) -> None:
    """By the commands that operators give."""
    stage.order("create_tenant", "acme", "--name", "Acme")
    of_number = ["--external-id", ACME_NUMBER, "--account-id", ACME_ACCOUNT]
    of_token = ["--token-env", "TOKEN", "--no-check"]
    given = ["--tenant", "acme", *of_number, *of_token]
    stage.order("connect_channel", "whatsapp", *given, TOKEN="token-of-acme")
    stage.order("set_auto_reply", "--tenant", "acme", REPLY)
