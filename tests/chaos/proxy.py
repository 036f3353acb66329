"""A TCP proxy that stands before PostgreSQL or Graph and fails as the test tells it to, while it
runs.
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from config.development_database import free_port

CHUNK = 65536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Link:
    """One connection through the proxy: two sockets, and a thread for each direction."""

    def __init__(self, proxy: "Proxy", client: socket.socket) -> None:
        self.proxy, self.client = proxy, client
        self.server = socket.create_connection(("127.0.0.1", proxy.target), timeout=5)
        self.server.settimeout(None)
        self.awaited: bytes | None = None  # the answer that is not to be passed on
        self.ended = threading.Lock()
        proxy.links.add(self)  # before anything passes, so that a cut always finds it
        for way in (
            (self.client, self.server, self.noting_questions),
            (self.server, self.client, self.keeping_answers),
        ):
            threading.Thread(target=self.pump, args=way, daemon=True).start()

    def pump(
        self, source: socket.socket, sink: socket.socket, inspected: Callable[[bytes], bytes]
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                self.proxy.pass_on()
                sink.sendall(inspected(chunk))
        self.end()

    def noting_questions(self, chunk: bytes) -> bytes:
        if self.proxy.trap and self.proxy.trap[0] in chunk:
            (_, self.awaited), self.proxy.trap = self.proxy.trap, None
        return chunk

    def keeping_answers(self, chunk: bytes) -> bytes:
        if self.awaited and self.awaited in chunk:
            self.end(reset=True)
            self.proxy.swallowed.set()
            raise ConnectionAbortedError
        return chunk

    def end(self, reset: bool = False) -> None:
        """Whoever comes first decides how."""
        if not self.ended.acquire(blocking=False):
            return
        self.proxy.links.discard(self)
        for each in (self.client, self.server):
            with suppress(OSError):
                if reset:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                each.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
            each.close()


class Proxy:
    """Passes everything on to 127.0.0.1:`target` until it is told otherwise; `port` is its own.

    `kept_back`: how many pieces came while nothing was passed on.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port = target, free_port()
        self.links: set[Link] = set()
        self.trap: tuple[bytes, bytes] | None = None
        self.swallowed = threading.Event()
        self.kept_back = 0
        self.flowing = threading.Event()
        self.flowing.set()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.accept()

    def accept(self) -> None:
        """Let connections in, at first or after `refuse`."""
        self.listener.listen(128)
        threading.Thread(target=self.let_in, daemon=True).start()

    def let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    Link(self, client)
                except OSError:
                    client.close()

    def refuse(self) -> None:
        """New connections are refused, the present ones reset. The port stays ours: bound, and not
        listening.
        """
        self.listener.shutdown(socket.SHUT_RDWR)
        self.cut()

    def cut(self) -> None:
        for link in list(self.links):
            link.end(reset=True)

    def stall(self) -> None:
        """Connections are taken, and nothing is passed on in either direction."""
        self.flowing.clear()

    def pass_on(self) -> None:
        """Return once things flow."""
        if not self.flowing.is_set():
            self.kept_back += 1
        self.flowing.wait()

    def flow(self) -> None:
        self.flowing.set()

    def swallow(self, *, after: bytes, answer: bytes) -> None:
        """Once: a question that holds `after` goes through; what holds `answer` comes back no
        further, and the line breaks.
        """
        self.swallowed.clear()
        self.trap = (after, answer)

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.flowing.set()
        self.cut()
        self.listener.close()
