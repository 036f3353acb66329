"""A client's connection, which the event loop reads and writes without blocking."""

import socket
import ssl
from typing import Any

from config.server.incoming import Incoming
from config.server.outgoing import NOT_NOW, Outgoing

RECEIVE_BYTES = 256 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection:
    """A client's connection. `client` and `server` are the addresses of both ends; gunicorn writes
    its response to `sock`.
    """

    def __init__(self, connected: socket.socket, client: Any, server: Any) -> None:
        connected.setblocking(False)
        self.connected, self.client, self.server = connected, client, server
        self.incoming = Incoming()
        self.place: Any = None  # where its request is served: a config.server.lanes.Place
        self.sock = Outgoing(connected)
        self.is_told_to_go_on = False
        self.has_ended = False  # the client has closed its side
        self.is_kept = False  # keep-alive: stays open after the response
        self.is_watched = False
        self.counted = 0  # bytes of its request within the worker's `buffered`

    def receive(self) -> None:
        """Read once from the socket. Raises OSError for a broken connection, and Refused for a
        request head that is too large.
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
        """Return whether TLS holds decrypted bytes that have not been read: the selector does not
        report those.
        """
        return isinstance(self.connected, ssl.SSLSocket) and self.connected.pending() > 0

    def tell_to_go_on(self) -> None:
        """Send 100 Continue, once, to a client that waits for it. Raises OSError."""
        if self.incoming.expects_continue and not self.is_told_to_go_on:
            self.is_told_to_go_on = True
            self.connected.send(CONTINUE)

    def begin_next(self) -> None:
        """Begin the next request of a kept connection, with the bytes that have come already.
        Raises Refused for a request head that is too large.
        """
        rest = self.incoming.rest()
        self.incoming, self.is_told_to_go_on = Incoming(), False
        self.sock = Outgoing(self.connected)
        if rest:
            self.incoming.feed(rest)

    def refuse(self, status: str, words: str, *headers: str) -> None:
        """Send an error response, without `words` if the place does not explain. Raises OSError."""
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
        """Release the bytes of the request: nobody reads them any more."""
        self.incoming = Incoming()

    def discard(self) -> bool:
        """Discard what still arrives. Returns False once the client has closed its side."""
        try:
            return bool(self.connected.recv(RECEIVE_BYTES))
        except NOT_NOW:
            return True

    def close(self) -> None:
        self.connected.close()
