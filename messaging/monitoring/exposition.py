"""The metrics as text for Prometheus, and who may read them."""

import os
from http import HTTPStatus

from django.conf import settings
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from messaging.monitoring.gauges import State

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # of prometheus_client: where processes keep their numbers
REFUSAL = (
    b"Send the header Authorization: Bearer METRICS_TOKEN. Where that is not set, nobody may read"
    b" the metrics.\n"
)
TYPE = {"Content-Type": CONTENT_TYPE_LATEST}
CHALLENGE = {"Content-Type": "text/plain", "WWW-Authenticate": 'Bearer realm="metrics"'}
state = State()


def answer(authorization: str, *, with_state: bool) -> tuple[HTTPStatus, dict[str, str], bytes]:
    """Return the HTTP status, headers and body for a request with this Authorization header: 401
    to everybody where METRICS_TOKEN is not set. `with_state`: the gauges from the database are
    among the metrics.
    """
    if not is_allowed(authorization):
        return HTTPStatus.UNAUTHORIZED, CHALLENGE, REFUSAL
    return HTTPStatus.OK, TYPE, of_processes() + (of_database() if with_state else b"")


def is_allowed(authorization: str) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(authorization, f"Bearer {token}")


def of_processes() -> bytes:
    """Return what this process has counted, or all that share its folder."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def of_database() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(state)
    return generate_latest(registry)
