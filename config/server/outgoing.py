"""A response buffer that gunicorn writes to in place of the socket, so that a client that reads
slowly does not block a thread.
"""

import select
import socket
import ssl
import time

PIECE_BYTES = 64 * 1024
# of a response that the event loop sends; with more than this left, the thread waits
KEPT_BYTES = 512 * 1024
SLOWEST = 64 * 1024  # bytes a second, on average, that a client must read of a larger response
PATIENCE_SECONDS = 5
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Outgoing:
    """A response on its way. `kept`: bytes that are not sent yet. `is_broken`: the response ended
    in its middle, so the connection must be closed. `has_begun`: gunicorn has written to it.
    """

    def __init__(self, connected: socket.socket) -> None:
        self.connected = connected
        self.kept = bytearray()
        self.is_broken = self.has_begun = False
        self.sent, self.waits_since = 0, 0.0

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        self.has_begun = True
        self.kept += data
        if len(self.kept) > PIECE_BYTES:
            self.flush()
        if len(self.kept) > KEPT_BYTES:
            self.wait()

    def flush(self) -> None:
        """Send what the socket takes without blocking. Raises OSError."""
        while self.kept:
            try:
                sent = self.connected.send(memoryview(self.kept)[:PIECE_BYTES])
            except NOT_NOW:
                return
            del self.kept[:sent]
            self.sent += sent

    def wait(self) -> None:
        """Block until at most half of KEPT_BYTES is left: backpressure on the thread. Raises
        TimeoutError for a client that reads more slowly than SLOWEST.
        """
        self.waits_since = self.waits_since or time.monotonic()
        deadline = self.waits_since + PATIENCE_SECONDS + (self.sent + len(self.kept)) / SLOWEST
        writable = select.poll()
        writable.register(self.connected, select.POLLOUT)
        while len(self.kept) > KEPT_BYTES // 2:
            left = deadline - time.monotonic()
            if left <= 0 or not writable.poll(left * 1000):
                raise TimeoutError("The client takes its response too slowly.")
            self.flush()

    def gettimeout(self) -> float:
        return 0.0  # so gunicorn's write_nonblock() does not call setblocking()

    def shutdown(self, how: int) -> None:
        """Raise OSError: gunicorn's close_graceful(), called after a response failed in its middle,
        would go on to wait for the client. It then calls close().
        """
        raise OSError("The loop closes this connection.")

    def close(self) -> None:
        self.is_broken = True
