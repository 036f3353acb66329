"""Clients that keep the web process waiting: they send little, now and then, or read nothing, and
come back at once.
"""

import selectors
import socket
import threading
import time
from contextlib import suppress

EVERY_SECONDS = 1.0  # a byte, so that no timeout between two reads ends it
WEBHOOK = b"POST /api/webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = (
    b"POST /staff/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type:"
    b" application/x-www-form-urlencoded\r\n"
)
BEGINNINGS = {
    "silent": b"",
    "half a head": b"POST /api/webhooks/whatsapp HTTP/1.1\r\nX: ",
    "a slow body": WEBHOOK + b"Content-Length: 100000\r\n\r\n",
    "slow chunks": WEBHOOK + b"Transfer-Encoding: chunked\r\n\r\nFFFF\r\n",
    "a slow sign-in form": FORM + b"Content-Length: 100000\r\n\r\n",
    "a page that is not read": (
        b"GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    )
    * 50,
}


class Strangers:
    """`count` clients that all do the same, from this one address or from as many."""

    def __init__(self, port: int, beginning: bytes, *, count: int, are_many: bool) -> None:
        self.port, self.beginning, self.count, self.are_many = port, beginning, count, are_many
        self.opened = 0
        self.stopping = threading.Event()
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.go_on, daemon=True)
        self.thread.start()

    def go_on(self) -> None:
        for place in range(self.count):
            self.connect(place)
        while not self.stopping.wait(EVERY_SECONDS):
            for key in list(self.selector.get_map().values()):
                self.trickle(key.fileobj, key.data)  # type: ignore[arg-type]

    def connect(self, place: int) -> None:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        if self.are_many:
            client.bind((f"127.1.{place // 250}.{place % 250 + 1}", 0))
        with suppress(OSError):
            client.settimeout(1)
            client.connect(("127.0.0.1", self.port))
            client.setblocking(False)
            self.selector.register(client, selectors.EVENT_READ, place)
            self.opened += 1
            client.send(self.beginning)

    def trickle(self, client: socket.socket, place: int) -> None:
        """One more byte; who was sent away comes back."""
        try:
            client.send(b"a")
        except BlockingIOError:
            return
        except OSError:
            self.selector.unregister(client)
            client.close()
            self.connect(place)

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()


class Crowd:
    """Threads that do one thing again and again; `answers` counts what they got."""

    def __init__(self, does: list) -> None:
        self.answers: list[int] = []
        self.stopping = threading.Event()
        self.threads = [
            threading.Thread(target=self.repeat, args=(each,), daemon=True) for each in does
        ]
        for thread in self.threads:
            thread.start()

    def repeat(self, do) -> None:
        while not self.stopping.is_set():
            try:
                self.answers.append(do())
            except OSError:
                self.answers.append(0)
                time.sleep(0.2)

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)
