"""HTTP connections with a deadline, which note when the first byte of a request leaves.

Before the first byte has left, nothing can have been sent. Exceptions alone do not tell: a TLS
error, for one, may come from the handshake or from reading the answer. And a timeout alone bounds
each read, not an answer that trickles.
"""

import http.client
import io
import math
import socket
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_noted = threading.local()


def expect(seconds: float, each_step: float = math.inf) -> None:
    """A new request begins in this thread: its answer has to be there within `seconds`, each piece
    of it within `each_step`.
    """
    _noted.has_left = False
    _noted.deadline = time.monotonic() + seconds
    _noted.each_step = each_step


def has_left() -> bool:
    return _noted.has_left


def time_left() -> float:
    """The seconds that the request's next step may take; raises TimeoutError if there are none."""
    remaining = _noted.deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError("The answer was not complete in time.")
    return min(remaining, _noted.each_step)


class _UntilDeadline(io.RawIOBase):
    """A socket's bytes, as long as the request's deadline has not passed."""

    def __init__(self, stream: Any, connected: socket.socket) -> None:
        self.stream, self.connected = stream, connected

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.connected.settimeout(time_left())
        return self.stream.readinto(buffer)

    def close(self) -> None:
        self.stream.close()
        super().close()


class _PunctualResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_UntilDeadline(self.fp.detach(), sock))


class _Noting:
    response_class: Any = _PunctualResponse

    def send(self, data: Any) -> None:
        if self.sock is None:  # type: ignore[attr-defined]
            self.connect()  # type: ignore[attr-defined]
        if not _noted.has_left and time.monotonic() > _noted.deadline:
            raise TimeoutError("Finding and reaching the server took all the time there was.")
        _noted.has_left = True
        super().send(data)  # type: ignore[misc]


class NotingHTTP(_Noting, HTTPConnection):  # type: ignore[misc]
    pass


class NotingHTTPS(_Noting, HTTPSConnection):  # type: ignore[misc]
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = NotingHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = NotingHTTPS


class NotingAdapter(HTTPAdapter):
    """No retries, and every connection notes its departure."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
