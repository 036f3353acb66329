"""A copy of the database as a restored backup is: no process uses it, and `manage.py rehearse`
plays its deliveries once more.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from config.database_urls import database as settings_of
from config.development_database import programs
from tests.support import database
from tests.support.restored import using


@dataclass(frozen=True)
class Said:
    """What the command ended with: its exit code, its report, and what it said meanwhile."""

    code: int
    report: Any
    errors: str

    @property
    def differing(self) -> dict[str, int]:
        """How many rows of each subject would differ."""
        return {
            each["subject"]: each["missing"] + each["new"] + each["changed"]
            for each in self.report["subjects"]
            if each["missing"] + each["new"] + each["changed"]
        }

    def shown(self, subject: str) -> list[dict[str, Any]]:
        (found,) = (each for each in self.report["subjects"] if each["subject"] == subject)
        return found["differences"]


Rehearse = Callable[..., Said]


@pytest.fixture
def copy(database_name: str, server: psycopg.Connection) -> Iterator[str]:
    """The name of a database that `restore` fills. From here on the owner may make databases, as on
    a copy's server.
    """
    name = f"{database_name}_copy"
    owner = sql.Identifier(database.OWNER)
    server.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
    yield name
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def restore(
    copy: str, database_name: str, server: psycopg.Connection, db_rows: psycopg.Connection
) -> Callable[[], str]:
    """Restore a backup of the test's database; the copy's name. The worker's last sign of life is
    older than the backup.
    """

    def restore() -> str:
        made = sql.Identifier(copy), sql.Identifier(database.OWNER)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(made[0]))
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*made))
        binaries, user = programs()
        dumped = subprocess.run(
            [binaries / "pg_dump", "-Fc", database.superuser_url(database_name)],
            capture_output=True,
            check=True,
            **user,
        )
        into = ["-d", database.superuser_url(copy), "--exit-on-error"]
        subprocess.run([binaries / "pg_restore", *into], input=dumped.stdout, check=True, **user)
        with psycopg.connect(database.superuser_url(copy)) as restored:
            restored.execute("DELETE FROM messaging.worker_heartbeats")
        return copy

    return restore


@pytest.fixture
def rehearse(restore: Callable[[], str], copy: str, settings: Any) -> Rehearse:
    """Rehearse on the copy since a moment, by the real command; the report."""
    settings.DATABASE_OWNER = settings_of("DATABASE_OWNER_URL", database.owner_url(copy))

    def rehearse(since: datetime, **options: Any) -> Said:
        out, errors, code = StringIO(), StringIO(), 0
        with using(copy):
            try:
                call_command(
                    "rehearse",
                    **{"copy": copy, "since": since, "json": True, **options},
                    stdout=out,
                    stderr=errors,
                )
            except SystemExit as ended:
                code = int(str(ended.code))
            except CommandError as error:
                return Said(error.returncode, None, str(error))
        report = out.getvalue()
        with suppress(json.JSONDecodeError):
            return Said(code, json.loads(report), errors.getvalue())
        return Said(code, report, errors.getvalue())

    return rehearse
