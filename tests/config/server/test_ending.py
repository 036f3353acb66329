"""The web process is told to end while clients keep it: it ends by itself, and before a platform
would kill it.
"""

import shlex
import socket
from collections.abc import Iterator

import pytest
import requests

from config.development_database import PROJECT
from config.server import loop
from config.server.connection import CONTINUE
from tests.support.gunicorn import Gunicorn

PLATFORMS_SECONDS = 10  # until they kill what was told to end
TURN_SECONDS = 1  # of the loop, for each deadline
ENDS_WITHIN_SECONDS = 90  # on a machine of any speed; its clients would keep it for 600
HALF_A_REQUEST = (
    b"POST /api/webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length:"
    b" 9\r\n\r\n"
)


def words_of_the_procfile() -> list[str]:
    (line,) = [
        line for line in (PROJECT / "Procfile").read_text().splitlines() if line.startswith("web: ")
    ]
    return shlex.split(line)


def patient(command: str) -> str:
    """Whom it waits for, it waits for much longer than the test does."""
    words = shlex.split(
        command.replace(
            "config.server.worker.BufferedWorker", "tests.config.server.patient.BufferedWorker"
        )
    )
    words[words.index("--graceful-timeout") + 1] = "600"
    return shlex.join([*words, "--keep-alive", "600"])


@pytest.fixture
def server(database_name, db_rows, tmp_path) -> Iterator[Gunicorn]:
    server = Gunicorn(database_name, tmp_path / "log", patient)
    server.wait_until_it_answers()
    yield server
    server.kill()


def test_sigterm_ends_it_though_somebody_keeps_a_connection(server):
    with requests.Session() as kept:
        assert kept.get(f"{server.url}/health", timeout=10).status_code == 200
        assert server.end(ENDS_WITHIN_SECONDS) == 0


def test_sigterm_ends_it_though_somebody_is_in_the_middle_of_a_request(server):
    with socket.create_connection(
        ("127.0.0.1", server.port), timeout=ENDS_WITHIN_SECONDS
    ) as connection:
        connection.sendall(HALF_A_REQUEST)
        assert connection.recv(100) == CONTINUE  # a worker has the half
        assert server.end(ENDS_WITHIN_SECONDS) == 0


def test_what_it_gives_clients_at_its_end_is_over_before_a_platform_kills_it():
    words = words_of_the_procfile()
    graceful = int(words[words.index("--graceful-timeout") + 1])

    assert (
        loop.STOP_SECONDS + loop.LINGER_SECONDS + 2 * TURN_SECONDS
        <= graceful
        <= PLATFORMS_SECONDS - 2
    )
