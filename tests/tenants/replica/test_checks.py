"""What `check` says of DATABASE_REPLICA_URL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.development_database import THROWAWAY, Server, free_port
from tests.support import database
from tests.support.processes import manage

FINE = "System check identified no issues (0 silenced).\n"
NO_STANDBY = "(tenants.E008) The server of DATABASE_REPLICA_URL is no standby: it takes writes."
ANOTHER = "(tenants.E008) DATABASE_REPLICA_URL names another server's data than DATABASE_URL does."
AWAY = (
    "(tenants.W008) The server of DATABASE_REPLICA_URL does not answer (OperationalError): lists"
    " are read from the primary until it does."
)
HINT = "HINT: Name a streaming standby of the server of DATABASE_URL: docs/scaling.md."


def url_at(port: int, name: str) -> str:
    return f"postgresql://{database.RUNTIME}:test@127.0.0.1:{port}/{name}"


@pytest.fixture
def another_server(database_name) -> Iterator[int]:
    """The port of a server with a database and a role of the same names."""
    folder = Path(tempfile.mkdtemp(prefix="messaging-another-", dir="/var/tmp"))
    folder.chmod(0o755)
    port = free_port()
    server = Server(folder / "data", options=(*THROWAWAY, f"port={port}"))
    server.start()
    try:
        with psycopg.connect(
            f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True
        ) as superuser:
            superuser.execute(f"CREATE ROLE {database.RUNTIME} LOGIN PASSWORD 'test'")
            superuser.execute(f"CREATE DATABASE {database_name}")
        yield port
    finally:
        server.stop()
        database.remove(server)


def test_a_standby_is_fine(standby, database_name):
    done = manage(database_name, "check", DATABASE_REPLICA_URL=url_at(standby.port, database_name))
    assert (done.returncode, done.stdout, done.stderr) == (0, FINE, "")


def test_the_primary_itself_is_refused(database_name):
    itself = database.runtime_url(database_name)
    done = manage(database_name, "check", DATABASE_REPLICA_URL=itself)
    assert (done.returncode, NO_STANDBY in done.stderr, HINT in done.stderr) == (1, True, True)


def test_another_server_is_refused_whatever_it_is_named(another_server, database_name):
    url = url_at(another_server, database_name)
    done = manage(database_name, "check", DATABASE_REPLICA_URL=url)
    assert (done.returncode, ANOTHER in done.stderr, HINT in done.stderr) == (1, True, True)


def test_one_that_is_away_is_a_warning(database_name):
    done = manage(database_name, "check", DATABASE_REPLICA_URL=url_at(free_port(), database_name))
    assert (done.returncode, AWAY in done.stderr, HINT in done.stderr) == (0, True, True)


def test_of_a_primary_that_is_away_its_own_check_speaks(database_name):
    nowhere = url_at(free_port(), database_name)
    done = manage(database_name, "check", DATABASE_URL=nowhere, DATABASE_REPLICA_URL=nowhere)
    assert (done.returncode, "tenants.E002" in done.stderr, "008" in done.stderr) == (
        1,
        True,
        False,
    )
