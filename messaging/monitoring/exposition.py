"""The metrics as text for Prometheus, and who may read them."""

import os

from django.conf import settings
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from messaging.monitoring.gauges import State

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # of prometheus_client: where processes keep their numbers
TYPE = CONTENT_TYPE_LATEST
REFUSAL = b"Send the header Authorization: Bearer METRICS_TOKEN.\n"
state = State()


def answer(authorization: str, *, with_state: bool) -> tuple[int, bytes]:
    """Return the HTTP status and the body for a request with this Authorization header: 404 without
    METRICS_TOKEN. `with_state`: the gauges from the database are among the metrics.
    """
    if not settings.METRICS_TOKEN:
        return 404, b""
    if not constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}"):
        return 401, REFUSAL
    return 200, of_processes() + (of_database() if with_state else b"")


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
