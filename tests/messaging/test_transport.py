"""What only the real server process decides: lengths, chunks, repeated headers and broken
requests.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse

import pytest
import requests

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.gunicorn import Gunicorn
from tests.support.outcomes import bodies_of
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

BODY = bodies.webhook(
    bodies.entry(
        ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(bodies.text(wamid="wamid.door"),))
    )
)
SIGNATURE = f"X-Hub-Signature-256: {sign(BODY, SECRET)}"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def gunicorn(database_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    server = Gunicorn(database_name, tmp_path_factory.mktemp("gunicorn") / "log")
    server.wait_until_it_answers()
    yield server
    server.stop()


@contextmanager
def request(server: Gunicorn, *headers: str) -> Iterator[socket.socket]:
    """A POST whose head was sent and whose body the test sends."""
    head = [
        "POST /api/webhooks/whatsapp HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        *headers,
        "",
        "",
    ]
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall("\r\n".join(head).encode())
        yield connection


def answer(connection: socket.socket) -> tuple[int, bytes]:
    response = HTTPResponse(connection, method="POST")
    response.begin()
    return response.status, response.read()


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def test_the_process_is_alive(gunicorn, db_rows):
    response = requests.get(f"{gunicorn.url}/health", timeout=10)

    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok"})


def test_a_genuine_webhook_is_stored(gunicorn, db_rows):
    with request(gunicorn, SIGNATURE, f"Content-Length: {len(BODY)}") as connection:
        connection.sendall(BODY)
        assert answer(connection) == (200, b"")

    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_50_mb_are_refused_before_they_are_sent_and_the_connection_is_closed(gunicorn, db_rows):
    with request(gunicorn, SIGNATURE, f"Content-Length: {50_000_000}") as connection:
        assert answer(connection) == (413, b"")
        assert connection.recv(1) == b""

    assert bodies_of(db_rows) == []


def test_a_chunked_stream_is_refused_as_soon_as_it_has_passed_8_mib_and_the_connection_is_closed(
    gunicorn, db_rows
):
    with request(gunicorn, SIGNATURE, "Transfer-Encoding: chunked") as connection:
        for _ in range(9):
            connection.sendall(chunk(b" " * MIB))
        assert answer(connection) == (413, b"")
        assert connection.recv(1) == b""

    assert bodies_of(db_rows) == []


@pytest.mark.parametrize("size", [7, 64, len(BODY)])
def test_a_genuine_webhook_in_chunks_is_stored(gunicorn, db_rows, size):
    with request(gunicorn, SIGNATURE, "Transfer-Encoding: chunked") as connection:
        for start in range(0, len(BODY), size):
            connection.sendall(chunk(BODY[start : start + size]))
        connection.sendall(b"0\r\n\r\n")
        assert answer(connection) == (200, b"")

    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_chunks_of_8_mib_are_stored(gunicorn, db_rows):
    body = BODY.ljust(8 * MIB)
    with request(
        gunicorn, f"X-Hub-Signature-256: {sign(body, SECRET)}", "Transfer-Encoding: chunked"
    ) as connection:
        for start in range(0, len(body), MIB):
            connection.sendall(chunk(body[start : start + MIB]))
        connection.sendall(b"0\r\n\r\n")
        assert answer(connection) == (200, b"")

    assert [len(stored) for _, stored in bodies_of(db_rows)] == [8 * MIB]


@pytest.mark.parametrize(
    "signatures",
    [
        pytest.param([SIGNATURE, "X-Hub-Signature-256: sha256=0"], id="the right one first"),
        pytest.param(["X-Hub-Signature-256: sha256=0", SIGNATURE], id="the right one last"),
    ],
)
def test_of_two_signature_headers_none_is_taken(gunicorn, db_rows, signatures):
    with request(gunicorn, *signatures, f"Content-Length: {len(BODY)}") as connection:
        connection.sendall(BODY)
        assert answer(connection) == (401, b"")

    assert bodies_of(db_rows) == []


@pytest.mark.parametrize(
    "bytes_sent",
    [
        pytest.param(b"zz\r\n", id="a size that is no number"),
        pytest.param(chunk(BODY), id="no last chunk"),
    ],
)
def test_a_chunked_stream_that_breaks_is_answered_400(gunicorn, db_rows, bytes_sent):
    with request(gunicorn, SIGNATURE, "Transfer-Encoding: chunked") as connection:
        connection.sendall(bytes_sent)
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection) == (400, b"")

    assert bodies_of(db_rows) == []


def test_a_body_that_ends_before_its_length_is_not_taken_for_the_whole(gunicorn, db_rows):
    with request(gunicorn, SIGNATURE, f"Content-Length: {len(BODY)}") as connection:
        connection.sendall(BODY[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection) == (403, b"")

    assert bodies_of(db_rows) == []


def test_a_body_longer_than_its_length_is_cut_there_and_the_rest_is_no_webhook(gunicorn, db_rows):
    with request(gunicorn, SIGNATURE, f"Content-Length: {len(BODY) - 1}") as connection:
        connection.sendall(BODY)
        assert answer(connection) == (403, b"")

    assert bodies_of(db_rows) == []


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2"])
def test_a_length_that_is_no_number_is_answered_400_by_the_server(gunicorn, db_rows, length):
    with request(gunicorn, SIGNATURE, f"Content-Length: {length}") as connection:
        assert answer(connection)[0] == 400

    assert bodies_of(db_rows) == []
