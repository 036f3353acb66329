"""The tools themselves: a proxy or a failpoint that did nothing would make every other test here
pass.
"""

import math
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.chaos import failpoints
from tests.chaos.proxy import Proxy

pytestmark = pytest.mark.whatsapp

PATIENCE_SECONDS = 10
STALLED_SECONDS = 0.5


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Before a server that says every line back."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy = Proxy(server.server_address[1])
        yield proxy
        proxy.close()
        server.shutdown()


@pytest.fixture
def line(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(
        ("127.0.0.1", proxy.port), timeout=PATIENCE_SECONDS
    ) as connection:
        yield connection


def said_back(line: socket.socket, words: bytes) -> bytes:
    line.sendall(words)
    return line.recv(100)


def test_the_proxy_passes_everything_on(line):
    assert said_back(line, b"hello\n") == b"hello\n"


def test_a_cut_connection_is_reset_and_a_new_one_passes(proxy, line):
    assert said_back(line, b"hello\n") == b"hello\n"
    proxy.cut()

    with pytest.raises(ConnectionResetError):
        line.recv(1)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE_SECONDS) as another:
        assert said_back(another, b"hello\n") == b"hello\n"


def test_a_stalled_proxy_passes_nothing_on_until_it_flows(proxy, line):
    proxy.stall()
    line.settimeout(STALLED_SECONDS)
    with pytest.raises(TimeoutError):
        said_back(line, b"hello\n")
    assert proxy.kept_back == 1

    proxy.flow()
    line.settimeout(PATIENCE_SECONDS)
    assert line.recv(100) == b"hello\n"


def test_a_refusing_proxy_refuses_until_it_accepts(proxy):
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.port))

    proxy.accept()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE_SECONDS) as another:
        assert said_back(another, b"hello\n") == b"hello\n"


def test_only_the_answer_that_is_to_be_swallowed_is(proxy, line):
    proxy.swallow(after=b"COMMIT", answer=b"COMMIT")
    assert said_back(line, b"BEGIN\n") == b"BEGIN\n"

    line.sendall(b"COMMIT\n")
    with pytest.raises(ConnectionResetError):
        line.recv(100)
    assert proxy.swallowed.wait(5)


@pytest.fixture
def restored() -> Iterator[None]:
    original = math.floor
    yield
    math.floor = original


@pytest.mark.usefixtures("restored")
def test_a_failpoint_fires_at_its_call_and_writes_its_marker(tmp_path):
    marker = tmp_path / "fired"
    failpoints.install(f"math.floor:before:raise:2:{marker}")

    assert (math.floor(1.5), marker.exists()) == (1, False)
    with pytest.raises(failpoints.Raised):
        math.floor(1.5)
    assert (math.floor(1.5), marker.exists()) == (1, True)


@pytest.mark.usefixtures("restored")
def test_a_failpoint_with_a_text_fires_only_where_the_arguments_show_it():
    failpoints.install("math.floor[2.5]:after:raise:*")

    assert math.floor(1.5) == 1
    for _ in range(2):
        with pytest.raises(failpoints.Raised):
            math.floor(2.5)


@pytest.mark.parametrize(
    "specification",
    [
        pytest.param(
            "messaging.outbound.dispatch.renamed:before:kill:1", id="a function that is not there"
        ),
        pytest.param("messaging.nowhere.mark:before:kill:1", id="a module that is not there"),
        pytest.param("math.pi:before:kill:1", id="not callable"),
        pytest.param("math.floor:during:kill:1", id="no such moment"),
        pytest.param("math.floor:before:explode:1", id="no such action"),
    ],
)
def test_a_failpoint_that_means_nothing_is_refused(specification):
    with pytest.raises(failpoints.UnknownFailpoint):
        failpoints.install(specification)


@pytest.mark.parametrize("name", failpoints.PLACES)
def test_the_places_that_these_tests_break_exist(name):
    owner, attribute = failpoints.find(name)
    assert callable(getattr(owner, attribute))
