"""A subscriber: a real HTTP server that keeps what it is sent, and answers as a test says."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

Answer = int | tuple[int, dict[str, str], bytes] | Callable[["Handler"], None]


@dataclass(frozen=True)
class Received:
    """A request, as it came."""

    path: str
    headers: dict[str, str]
    content: bytes
    port: int  # the sender's: the same, as long as it is one connection

    @property
    def id(self) -> UUID:
        return UUID(self.headers["webhook-id"])

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.content)

    @property
    def data(self) -> dict[str, Any]:
        return self.body["data"]


class Handler(BaseHTTPRequestHandler):
    """Subclassed with its `subscriber`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    subscriber: "Subscriber"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, content, self.client_address[1])
        answer = self.subscriber.take(received)
        if callable(answer):
            answer(self)
        else:
            self.say(*((answer, {}, b"") if isinstance(answer, int) else answer))

    def do_GET(self) -> None:
        """A redirect that is followed would be seen."""
        self.do_POST()

    def say(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):  # whoever asked may have heard enough
            super().handle_one_request()

    def log_message(self, *args: Any) -> None:
        """Quiet: `received` tells."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Subscriber:
    """`received`: each request in the order in which they came; `answer`: what each gets."""

    def __init__(self, answer: Callable[[Received], Answer] = lambda received: 200) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.released = threading.Event()
        self.server = Server(("127.0.0.1", 0), type("Own", (Handler,), {"subscriber": self}))
        self.place = ("127.0.0.1", self.server.server_address[1])
        self.url = f"http://127.0.0.1:{self.place[1]}/hooks"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def take(self, received: Received) -> Answer:
        self.received.append(received)
        return self.answer(received)

    def hang(self, handler: Handler) -> None:
        """Answer nothing until the test is over."""
        self.released.wait(30)
        handler.close_connection = True

    def stop(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def ids(self) -> list[UUID]:
        return [each.id for each in self.received]

    def names(self) -> list[str]:
        """The names that `happen` gave the events."""
        return [each.data["name"] for each in self.received]
