"""A client's connection, which the loop reads and writes without waiting."""

import socket
import ssl
from typing import Any

from config.server.incoming import Incoming
from config.server.outgoing import NOT_NOW, Outgoing

RECEIVE_BYTES = 256 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection:
    """`client` and `server`: the addresses of both ends. `sock` is what gunicorn writes its
    response to.
    """

    def __init__(self, connected: socket.socket, client: Any, server: Any) -> None:
        connected.setblocking(False)
        self.connected, self.client, self.server = connected, client, server
        self.incoming = Incoming()
        self.place: Any = None  # what its request asks for (config/server/lanes.py)
        self.sock = Outgoing(connected)
        self.is_told_to_go_on = False
        self.has_ended = False  # the client sends nothing more
        self.is_kept = False  # for the next request, once the response is out
        self.is_watched = False
        self.counted = 0  # bytes of its request that count in the worker's sum

    def receive(self) -> None:
        """Take what has come in. Raises OSError for a broken connection, Refused for too large a
        head.
        """
        try:
            data = self.connected.recv(RECEIVE_BYTES)
        except NOT_NOW:
            return
        if data:
            self.incoming.feed(data)
        else:
            self.has_ended = True
            self.incoming.cut_off()

    def holds_more(self) -> bool:
        """Whether TLS has taken bytes from the socket that were not asked for yet: nothing tells
        the loop of those.
        """
        return isinstance(self.connected, ssl.SSLSocket) and self.connected.pending() > 0

    def tell_to_go_on(self) -> None:
        """A client that asked whether to send its body is told to, once."""
        if self.incoming.expects_continue and not self.is_told_to_go_on:
            self.is_told_to_go_on = True
            self.connected.send(CONTINUE)

    def begin_next(self) -> None:
        """The connection is kept, and its next request may have begun already. Raises Refused for
        too large a head.
        """
        rest = self.incoming.rest()
        self.incoming, self.is_told_to_go_on = Incoming(), False
        self.sock = Outgoing(self.connected)
        if rest:
            self.incoming.feed(rest)

    def refuse(self, status: str, words: str, *headers: str) -> None:
        """Answer without a thread; nothing but the status where words would be lost on who asks."""
        content = words if self.place is None or self.place.explains else ""
        kind = ["Content-Type: text/plain"] if content else []
        lines = [
            f"HTTP/1.1 {status}",
            "Connection: close",
            f"Content-Length: {len(content)}",
            *kind,
            *headers,
            "",
            content,
        ]
        self.sock.sendall("\r\n".join(lines).encode())
        self.sock.flush()

    def forget(self) -> None:
        """The request is answered, or never will be."""
        self.incoming = Incoming()

    def discard(self) -> bool:
        """Read past what still comes; False: the client has closed its side."""
        try:
            return bool(self.connected.recv(RECEIVE_BYTES))
        except NOT_NOW:
            return True

    def close(self) -> None:
        self.connected.close()
