"""SSRF guard: requests whose address somebody else names connect to public addresses alone.

Between a look at a name and a connection to it lies a second look-up, which may be answered
differently. Here is only one: what it gave is checked, and what was checked is connected to. The
adapter is used by itself: it follows no redirect, and knows no proxy, cookie or .netrc.
"""

import socket
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import default_user_agent
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from channels_app.http import public_addresses, transport

CONNECT_SECONDS = 3.0
STEP_SECONDS = 10.0


class _Guarded:
    def __init__(self, *args: Any, exempt: Collection[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exempt = exempt

    def _new_conn(self) -> socket.socket:
        fault: OSError | None = None
        host, port = self.host, self.port  # type: ignore[attr-defined]
        seconds = transport.time_left()
        for address in public_addresses.resolve(host, port, self.exempt, seconds=seconds):
            try:
                # without Nagle's algorithm: a body would wait for the receipt of its head
                return create_connection(
                    (address, port),
                    min(CONNECT_SECONDS, transport.time_left()),
                    socket_options=self.socket_options,  # type: ignore[attr-defined]
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
    def __init__(self, exempt: Collection[tuple[str, int]]) -> None:
        self.exempt = exempt
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_HTTPPool, exempt=self.exempt),
            "https": partial(_HTTPSPool, exempt=self.exempt),
        }


class Connections:
    """Guarded connections that are kept between requests, for one thread at a time. A kept one
    leads to the place that was checked when it was made.
    """

    def __init__(self, exempt: Collection[tuple[str, int]] = ()) -> None:
        self.adapter = _Adapter(exempt)

    def request(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        each_step: float = STEP_SECONDS,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] | bytes | None = None,
    ) -> requests.Response:
        """Return the answer as `request` does. Its connection is kept if its body is read whole,
        and serves nothing else if it is closed before.
        """
        own = {"User-Agent": default_user_agent(), "Accept-Encoding": "identity"}
        prepared = requests.Request(
            method, url, headers={**own, **(headers or {})}, data=body
        ).prepare()
        transport.expect(seconds, each_step)
        return self.adapter.send(prepared, stream=True, timeout=(CONNECT_SECONDS, each_step))

    def close(self) -> None:
        self.adapter.close()


def request(
    method: str,
    url: str,
    *,
    seconds: float,
    each_step: float = STEP_SECONDS,
    headers: Mapping[str, str] | None = None,
    body: Iterable[bytes] | bytes | None = None,
    exempt: Collection[tuple[str, int]] = (),
) -> requests.Response:
    """Return the answer with its body still to be read, within `seconds` from now and each piece
    within `each_step`. `exempt`: hosts and ports that need not be public.

    Raises NotPublic, and whatever a network raises. The answer is to be closed: its connection
    serves nothing else.
    """
    return Connections(exempt).request(
        method, url, seconds=seconds, each_step=each_step, headers=headers, body=body
    )
