"""What gunicorn writes a response to, in place of the socket: a client that reads slowly keeps no
thread waiting.
"""

import select
import socket
import ssl
import time

PIECE_BYTES = 64 * 1024
# of a response, for the loop to send; a thread waits only while more than this is left
KEPT_BYTES = 512 * 1024
SLOWEST = 64 * 1024  # bytes a second that a client must take of a larger response, on the whole
PATIENCE_SECONDS = 5
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Outgoing:
    """`kept`: what the client has not taken yet. `is_broken`: the response ended in its middle, so
    the connection must too. `has_begun`: something of it was written.
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
        """Send what the client takes at once."""
        while self.kept:
            try:
                sent = self.connected.send(memoryview(self.kept)[:PIECE_BYTES])
            except NOT_NOW:
                return
            del self.kept[:sent]
            self.sent += sent

    def wait(self) -> None:
        """Until little is left. Raises TimeoutError for a client that takes too little in too long
        a time.
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
        return 0.0  # gunicorn's own error answers are written without waiting, too

    def shutdown(self, how: int) -> None:
        """Gunicorn ends a response here that failed in its middle; the loop closes the
        connection.
        """
        raise OSError("The loop closes this connection.")

    def close(self) -> None:
        self.is_broken = True
