"""The web process under clients that are slow, greedy, impatient or silent: real gunicorn, with the
deadlines of `quick.py`.
"""

import re
import shlex
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path

import pytest
import requests

from tests.benchmarks import cpu
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.gunicorn import Gunicorn
from tests.support.outcomes import bodies_of
from tests.support.tls import Https
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

BODY = bodies.webhook(
    bodies.entry(
        ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(bodies.text(wamid="wamid.door"),))
    )
)
MIB = 1024 * 1024
ALIVE = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CONNECTIONS = 40
# two threads for webhooks, one for pages
SMALL = {"workers": "1", "threads": "3", "worker-connections": str(CONNECTIONS)}


@pytest.fixture(scope="module")
def server(database_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    server = Gunicorn(database_name, tmp_path_factory.mktemp("gunicorn") / "log", small_and_quick)
    server.wait_until_it_answers()
    yield server
    server.stop()


def small_and_quick(command: str) -> str:
    words = shlex.split(
        command.replace(
            "config.server.worker.BufferedWorker", "tests.config.server.quick.BufferedWorker"
        )
    )
    for name, value in SMALL.items():
        if f"--{name}" in words:
            words[words.index(f"--{name}") + 1] = value
        else:
            words += [f"--{name}", value]
    return shlex.join(words)


def post_of(body: bytes) -> bytes:
    head = (
        "POST /api/webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Hub-Signature-256:"
        f" {sign(body, SECRET)}\r\n"
    )
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def connected(server: Gunicorn, *pieces: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
        yield connection


def answer(connection: socket.socket) -> tuple[int, bytes, dict[str, str]]:
    response = HTTPResponse(connection, method="POST")
    response.begin()
    return response.status, response.read(), dict(response.getheaders())


def status_of(server: Gunicorn, request: bytes) -> int:
    with connected(server, request) as connection:
        return answer(connection)[0]


def resident_mib(server: Gunicorn) -> int:
    children = workers_of(server).split()
    sizes = [
        re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text())
        for child in children
    ]
    return sum(int(size[1]) for size in sizes if size) // 1024


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(b"POST /api/webh", id="half a head"),
        pytest.param(
            b"POST /api/webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx",
            id="half a body",
        ),
        pytest.param(
            b"POST /staff/login/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx",
            id="half a chunk",
        ),
    ],
)
def test_what_is_not_whole_in_time_is_answered_408_and_the_connection_is_closed(
    server, db_rows, half
):
    with connected(server, half) as connection:
        status, _, headers = answer(connection)
        assert (status, headers["Connection"], connection.recv(1)) == (408, "close", b"")


def test_a_byte_now_and_then_does_not_lengthen_the_time(server, db_rows):
    begun = time.monotonic()
    with connected(server, b"GET / HTTP/1.1\r\n") as connection:
        connection.settimeout(0.2)
        while time.monotonic() - begun < 10:
            try:
                connection.sendall(b"X")
                if connection.recv(100).startswith(b"HTTP/1.1 408"):
                    break
            except TimeoutError:
                continue
    assert time.monotonic() - begun < 6


def test_who_sends_nothing_is_told_nothing_and_is_closed(server, db_rows):
    with connected(server) as connection:
        assert connection.recv(1) == b""


def test_requests_that_follow_one_another_at_once_are_answered_in_their_order(server, db_rows):
    with connected(server, ALIVE + post_of(BODY) + ALIVE) as connection:
        told = [answer_in_turn(connection) for _ in range(3)]

    assert told == [(200, "application/json"), (200, ""), (200, "application/json")]
    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def answer_in_turn(connection: socket.socket) -> tuple[int, str]:
    """Read byte by byte, so that nothing of the next answer is taken."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    length = int(re.search(rb"[Cc]ontent-[Ll]ength: (\d+)", head)[1])
    while length:
        length -= len(connection.recv(length))
    content_type = re.search(rb"[Cc]ontent-[Tt]ype: ([\w/]+)", head)
    return int(head.split()[1]), content_type[1].decode() if content_type else ""


def test_a_connection_is_kept_for_another_request_and_closed_for_who_asks(server, db_rows):
    with connected(server, ALIVE) as connection:
        answer_in_turn(connection)
        connection.sendall(ALIVE.replace(b"Host", b"Connection: close\r\nHost"))
        answer_in_turn(connection)
        assert connection.recv(1) == b""
    with connected(server, b"GET /health HTTP/1.0\r\n\r\n") as connection:
        answer_in_turn(connection)
        assert connection.recv(1) == b""


def test_who_asks_whether_to_send_is_told_once_to_go_on(server, db_rows):
    request = post_of(BODY).replace(b"Host", b"Expect: 100-continue\r\nHost")
    head, body = request[: -len(BODY)], request[-len(BODY) :]
    with connected(server, head) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert answer_in_turn(connection)[0] == 200

    assert bodies_of(db_rows) == [("whatsapp", BODY)]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, 431, id="a large head"),
        pytest.param(
            b"POST /staff/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n",
            413,
            id="a large form",
        ),
        pytest.param(
            b"POST /api/webhooks/whatsapp HTTP/1.1\r\nContent-Length: 8388609\r\n\r\n",
            413,
            id="a large webhook",
        ),
        pytest.param(b"nonsense\r\n\r\n", 400, id="nonsense"),
        pytest.param(b"\r\n\r\n", 400, id="nothing"),
        pytest.param(b"GET /health HTTP/9.9\r\n\r\n", 400, id="another protocol"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="the preface of HTTP/2"),
    ],
)
def test_what_is_no_request_is_refused_at_once_and_closed(server, db_rows, request_bytes, status):
    with connected(server, request_bytes) as connection:
        assert (answer(connection)[0], connection.recv(1)) == (status, b"")


def test_who_does_not_read_keeps_no_thread(server, db_rows):
    """One thread serves pages; sixteen clients ask for a large one and read nothing of it."""
    page = b"GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(16):
            greedy = stack.enter_context(socket.socket())
            greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            greedy.connect(("127.0.0.1", server.port))
            greedy.sendall(page)
        begun = time.monotonic()
        status, content, _ = whole_answer(server, page)

    assert (status, len(content) > 250_000, time.monotonic() - begun < 2) == (200, True, True)


def whole_answer(server: Gunicorn, request: bytes) -> tuple[int, bytes, dict[str, str]]:
    with connected(server, request) as connection:
        return answer(connection)


def test_more_clients_than_there_is_room_for_push_out_who_has_waited_longest(server, db_rows):
    with ExitStack() as stack:
        for _ in range(3 * CONNECTIONS):
            stack.enter_context(connected(server, b"POST /api/webhooks/whatsapp HTT"))
        assert status_of(server, post_of(BODY)) == 200

    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def test_large_bodies_that_never_end_take_no_more_memory_than_there_is_for_them(server, db_rows):
    before = resident_mib(server)
    line = "POST /api/webhooks/whatsapp HTTP/1.1"
    head = f"{line}\r\nHost: x\r\nContent-Length: {8 * MIB}\r\n\r\n".encode()
    with ExitStack() as stack:
        greedy = [stack.enter_context(connected(server, head)) for _ in range(12)]
        for connection in greedy:
            send_what_is_taken(connection, b" " * (8 * MIB - 1))
        assert status_of(server, post_of(BODY)) == 200
        assert resident_mib(server) - before < 64
        assert answer(greedy[0])[:2] == (503, b"")

    assert bodies_of(db_rows) == [("whatsapp", BODY)]


def send_what_is_taken(connection: socket.socket, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # given up for another
        connection.sendall(data)


def test_a_form_that_is_cut_short_is_none(server, db_rows):
    head = (
        b"POST /connect/whatsapp/deauthorize HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length:"
        b" 100\r\n\r\n"
    )
    with connected(server, head, b"signed_request=x") as connection:
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection)[:2] == (400, b"The request ended before it was complete.\n")


def test_thousands_of_small_chunks_keep_nobody_waiting(server, db_rows):
    head = (
        b"POST /connect/whatsapp/deauthorize HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding:"
        b" chunked\r\n\r\n"
    )
    before = cpu.seconds_of(server.process.pid)
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(connected(server, head, b"1\r\nx\r\n" * 20_000, b"0\r\n\r\n"))
        assert status_of(server, post_of(BODY)) == 200
    assert cpu.seconds_of(server.process.pid) - before < 1


def test_a_client_that_is_gone_ends_its_own_connection_alone(server, db_rows):
    ask = (
        ALIVE + b"POST /staff/login/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length:"
        b" 5\r\n\r\n"
    )
    before = workers_of(server)
    for _ in range(20):
        with connected(server, ask) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for _ in range(20):
        with connected(server, b"P") as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert (status_of(server, post_of(BODY)), workers_of(server)) == (200, before)


def workers_of(server: Gunicorn) -> str:
    return Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()


def test_what_comes_behind_a_chunked_request_is_not_read_as_another(server, db_rows):
    odd = (
        b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:"
        b" chunked\r\n\r\n2zz;\nqq\r\nabXX0\r\n\r\n"
    )
    with connected(server, odd + ALIVE) as connection:
        received = b""
        while piece := connection.recv(4096):
            received += piece

    assert received.count(b"HTTP/1.1 ") == 1


def test_under_tls_requests_of_any_size_are_read_and_answered(database_name, db_rows, tmp_path):
    server = Https(database_name, tmp_path)
    try:
        server.wait()
        large = BODY.ljust(3 * MIB)
        address, trusted = (
            f"{server.url}/api/webhooks/whatsapp",
            {"verify": str(server.certificate), "timeout": 20},
        )
        with requests.Session() as kept:
            for body in (BODY, large):
                signed = {"X-Hub-Signature-256": sign(body, SECRET), "X-Forwarded-Proto": "https"}
                assert kept.post(address, data=body, headers=signed, **trusted).status_code == 200
    finally:
        server.stop()

    assert bodies_of(db_rows) == [("whatsapp", BODY), ("whatsapp", large)]
