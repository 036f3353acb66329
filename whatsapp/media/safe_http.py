"""SSRF guard: requests whose address comes from an answer connect only where allowed_hosts.py lets
the token go.

Between a look at a name and a connection to it lies a second look-up, which may be answered
differently. Here is only one: what it gave is checked, and what was checked is connected to. The
adapter is used by itself: it follows no redirect, and knows no proxy, cookie or .netrc.
"""

import socket
from collections.abc import Iterable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import default_user_agent
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from whatsapp.graph import transport
from whatsapp.media import allowed_hosts

CONNECT_SECONDS = 3.0
STEP_SECONDS = 10.0


class _Guarded:
    def _new_conn(self) -> socket.socket:
        fault: OSError | None = None
        host, port = self.host, self.port  # type: ignore[attr-defined]
        for address in allowed_hosts.addresses(host, port):
            try:
                return create_connection(
                    (address, port), min(CONNECT_SECONDS, transport.time_left())
                )
            except OSError as error:
                fault = error
        raise NewConnectionError(self, "None of the host's addresses could be reached.") from fault  # type: ignore[arg-type]

    def send(self, data: Any) -> None:
        if self.sock is None:  # type: ignore[attr-defined]
            self.connect()  # type: ignore[attr-defined]
        self.sock.settimeout(transport.time_left())  # type: ignore[attr-defined]
        super().send(data)  # type: ignore[misc]


class _GuardedHTTP(_Guarded, transport.NotingHTTP):  # type: ignore[misc]
    pass


class _GuardedHTTPS(_Guarded, transport.NotingHTTPS):  # type: ignore[misc]
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def request(
    method: str,
    url: object,
    *,
    token: str,
    seconds: float,
    each_step: float = STEP_SECONDS,
    headers: Mapping[str, str] | None = None,
    body: Iterable[bytes] | None = None,
) -> requests.Response:
    """The answer with its body still to be read, within `seconds` from now and each piece within
    `each_step`.

    Raises HostRefused, and whatever a network raises. The answer is to be closed: its connection
    serves nothing else.
    """
    own = {
        "Authorization": f"Bearer {token}",
        "User-Agent": default_user_agent(),
        "Accept-Encoding": "identity",
    }
    prepared = requests.Request(
        method, allowed_hosts.check(url), headers={**own, **(headers or {})}, data=body
    ).prepare()
    transport.expect(seconds, each_step)
    return _Adapter().send(prepared, stream=True, timeout=(CONNECT_SECONDS, each_step))
