"""The stage: Acme and Globex as rows, and a real database, web process, worker and mail server.

What speaks WhatsApp on it stands in tests/support/whatsapp.
"""

import gc
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test import Client
from django.test.testcases import LiveServerThread
from psycopg.pq import TransactionStatus

from tenants.models import KeyScope, Tenant
from tests.support import database, look_ups
from tests.support.api import Caller, new_key
from tests.support.cast import create_tenant
from tests.support.logged import not_told
from tests.support.mailbox import Mailbox
from tests.support.operators import operator, signed_in

# what speaks WhatsApp goes with its folder
pytest_plugins = (
    ["tests.support.whatsapp.fixtures", "tests.support.whatsapp.two_tenants"]
    if find_spec("whatsapp")
    else []
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's server, unless TEST_SERVER names one: this run is then a part of a longer one
    (tests/mutants).
    """
    gc.set_threshold(10_000)  # a look through all that thousands of tests hold takes long
    if "TEST_SERVER" not in os.environ and not config.option.collectonly:
        config.stash[SERVER] = database.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()
        database.remove(server)


SERVER = pytest.StashKey[Any]()


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    name = f"test_{worker_id}"
    database.create(name)
    connection.settings_dict.update(
        NAME=name, HOST="127.0.0.1", PORT=os.environ["TEST_SERVER"].split(":")[-1].split("/")[0]
    )
    return name


@pytest.fixture(scope="session")
def superuser(database_name: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.superuser_url(database_name), autocommit=True) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    """The server's superuser, to make roles and databases."""
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def alone() -> Iterator[None]:
    with database.nobody_else_preparing():
        yield


@pytest.fixture
def db_rows(superuser: psycopg.Connection, django_db_blocker: Any) -> Iterator[psycopg.Connection]:
    """The database, empty; a connection past row level security to look at it. Everything commits
    for real.
    """
    with django_db_blocker.unblock():
        yield superuser
        for each in connections.all(initialized_only=True):
            keep_or_close(each)
        database.empty(superuser)


def keep_or_close(used: Any) -> None:
    """Keep the test process's own connection for the next test, without anything of its session, if
    it is idle and works.
    """
    opened = used.connection
    is_idle = opened is not None and opened.info.transaction_status == TransactionStatus.IDLE
    if is_idle and not (used.in_atomic_block or used.needs_rollback or used.errors_occurred):
        with suppress(psycopg.OperationalError):
            opened.execute("DISCARD ALL")
            return
    used.close()


@pytest.fixture
def acme(db_rows: Any) -> Tenant:
    return create_tenant("acme", "Acme")


@pytest.fixture
def globex(db_rows: Any) -> Tenant:
    return create_tenant("globex", "Globex")


@pytest.fixture
def acmes(web: str, acme: Tenant) -> Caller:
    """Acme's own software, with a key that may do everything."""
    return Caller(web, new_key(acme))


@pytest.fixture
def globexs(web: str, globex: Tenant) -> Caller:
    return Caller(web, new_key(globex))


@pytest.fixture
def platform(web: str, db_rows: Any) -> Caller:
    """The platform's own software."""
    return Caller(web, new_key(None, [KeyScope.PLATFORM]))


class PatientServer(ThreadedWSGIServer):
    """Threads take one connection after another and keep theirs to the database, as the web
    process's do.
    """

    request_queue_size = 128

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepted: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()
        self.idle = threading.Semaphore(0)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.accepted.put((request, client_address))
        if not self.idle.acquire(blocking=False):
            threading.Thread(target=self.serve_connections, daemon=True).start()

    def serve_connections(self) -> None:
        while True:
            self.process_request_thread(*self.accepted.get())
            self.idle.release()

    def _close_connections(self) -> None:
        """Leave it to CONN_MAX_AGE."""

    def get_request(self) -> tuple[socket.socket, Any]:
        """Head and body leave at once: on a kept connection the body would wait 40 ms for the
        head's delayed ACK.
        """
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


class Web(LiveServerThread):
    server_class = PatientServer


@pytest.fixture(scope="session")
def _web(database_name: str) -> Iterator[str]:
    server = Web("127.0.0.1", StaticFilesHandler)
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def all_told(db_rows: psycopg.Connection) -> Iterator[None]:
    """In the end the event log says of everything what it is now; nothing was changed by hand."""
    yield
    assert not_told(db_rows) == []


@pytest.fixture
def web(_web: str, db_rows: Any) -> str:
    """The application behind real HTTP; its address."""
    return _web


@pytest.fixture
def root(db_rows: psycopg.Connection) -> Client:
    """The browser of an operator who may do everything; that it signed in is noted nowhere."""
    return signed_in(operator("root"))


@pytest.fixture
def work(db_rows: Any) -> Callable[[], None]:
    """Take through what waits, by the real command."""
    return lambda: call_command("worker", "--once", senders=4, stdout=open(os.devnull, "w"))


@pytest.fixture
def jobs(db_rows: Any, settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Do the background tasks that are due, by the real command; files go to a folder of the test's
    own.
    """
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.FILES_ON_DISK, "OPTIONS": {"location": str(tmp_path)}},
    }
    return lambda: call_command("jobs", "--once", stdout=open(os.devnull, "w"))


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server of the test's own, which our mails go to."""
    mailbox = Mailbox()
    mailbox.use(settings)
    yield mailbox
    mailbox.stop()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer look-ups of names: names("host", ["10.0.0.1"], ["8.8.8.8"]) for the first and the
    second; what was looked up.
    """
    return partial(look_ups.answer, monkeypatch)
