"""docs/plain-server.md, typed from nothing to a message that is answered through nginx."""

from collections.abc import Iterator

import psycopg
import pytest

from config.development_database import PROJECT
from tests.documents.pages import steps_of
from tests.documents.server import PlainServer
from tests.support import database
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

STEPS = steps_of(PROJECT / "docs" / "plain-server.md")
UNITS = 5  # two of web, two workers, jobs


@pytest.fixture
def server(worker_id: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlainServer]:
    name = f"plain_server_{worker_id}"
    database.create(name)
    made = PlainServer(name)
    # Meta's stand-in, which reports statuses from this process, trusts the certificate too
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.certificate))
    yield made
    made.stop()


@pytest.fixture
def delivered(server: PlainServer) -> Iterator[psycopg.Connection]:
    url = database.superuser_url(f"{server.environment['DATABASE_URL'].rpartition('/')[2]}")
    with psycopg.connect(url, autocommit=True) as rows:
        yield rows


def test_a_plain_server_is_set_up_and_answers_a_signed_message_through_nginx(server, delivered):
    server.edit_files()
    environment, processes, nginx, check = STEPS
    for step in (environment, processes, nginx):
        wrong = server.reader.follow(step)
        assert not wrong, f"{wrong}\n{server.logs()}"
        if step is environment:
            server.fill_in()
    assert len(server.pids()) == UNITS + 1
    assert eventually(server.reader.is_ready, seconds=90), server.logs()

    wrong = server.reader.follow(check)

    assert not wrong, f"{wrong}\n{server.logs()}"
    assert "      delivered\n" in server.reader.printed
    query = "SELECT direction, status FROM messaging.messages ORDER BY created_at, direction"
    assert delivered.execute(query).fetchall() == [
        ("inbound", "received"),
        ("outbound", "delivered"),
    ]
