"""Servers that are no stand-in for Graph: one that must never be asked, and one that answers as no
decent server does.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Handler(BaseHTTPRequestHandler):
    """Subclassed with its `server_of_test`."""

    protocol_version = "HTTP/1.1"
    server_of_test: Any

    def do_GET(self) -> None:
        self.answer_it()

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)
            self.server_of_test.received += len(piece)
        self.answer_it()

    def answer_it(self) -> None:
        self.server_of_test.asked.append(
            (self.command, self.path, self.headers.get("Authorization"))
        )
        self.server_of_test.answer(self)
        self.close_connection = True

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):  # whoever asked may have heard enough
            super().handle_one_request()

    def say(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Quiet: `asked` tells."""


class Elsewhere:
    """`asked`: (method, path, Authorization) of each request; `received`: bytes of bodies;
    `answer`: what each gets.
    """

    def __init__(
        self, answer: Callable[[Handler], None] = lambda handler: handler.say(b"Hello")
    ) -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        self.received = 0
        self.answer = answer
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Own", (Handler,), {"server_of_test": self})
        )
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.server.shutdown()
        self.server.server_close()
