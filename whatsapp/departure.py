"""Connections that note when the first byte of a request leaves: before that, nothing can have been sent.

Exceptions alone do not tell: a TLS error, for one, may come from the handshake or from reading the answer.
"""

import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_noted = threading.local()


def expect() -> None:
    """A new request begins in this thread."""
    _noted.has_left = False


def has_left() -> bool:
    return _noted.has_left


class _Noting:
    def send(self, data: Any) -> None:
        if self.sock is None:  # type: ignore[attr-defined]
            self.connect()  # type: ignore[attr-defined]
        _noted.has_left = True
        super().send(data)  # type: ignore[misc]


class _NotingHTTP(_Noting, HTTPConnection):
    pass


class _NotingHTTPS(_Noting, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _NotingHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _NotingHTTPS


class NotingAdapter(HTTPAdapter):
    """No retries, and every connection notes its departure."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
