"""A port of its own for the metrics of a process that serves no HTTP: a worker, or jobs."""

import logging
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings

from messaging.monitoring import exposition

logger = logging.getLogger(__name__)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    timeout = 10  # of a client that sends nothing

    def log_message(self, *_: Any) -> None:
        """Nothing: a scrape every few seconds would be most of the log."""


def serve_metrics() -> None:
    """Serve /metrics at METRICS_PORT, if that is set, until the process ends. A port that is taken
    is logged: the work goes on without.
    """
    if not settings.METRICS_PORT:
        return
    try:
        server = make_server("", settings.METRICS_PORT, metrics, Server, Handler)
    except OSError as error:
        told = "Metrics are not served: METRICS_PORT is not free (%s)."
        logger.error(told, type(error).__name__)
        return
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def metrics(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Answer as the WSGI application of that port."""
    status, headers, body = HTTPStatus.NOT_FOUND, exposition.TYPE, b""
    if environ["PATH_INFO"].removesuffix("/") == "/metrics":
        given = environ.get("HTTP_AUTHORIZATION", "")
        status, headers, body = exposition.answer(given, with_state=False)
    start_response(
        f"{status.value} {status.phrase}",
        [*headers.items(), ("Content-Length", str(len(body)))],
    )
    return [body]
