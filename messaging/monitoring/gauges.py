"""The state of the platform as Prometheus gauges, read from the database: the same for whichever
process is asked, and by the same statements as `status` and /health/ready.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from messaging import sql
from messaging.monitoring import needs, problems, readiness
from tenants.scope import operator_scope

KEPT_SECONDS = 5  # whoever asks more often gets the same again
COUNTED = 10_000  # of what waits
ENDPOINTS = 5_000  # looked at
PROCESSES = {"worker": "workers", "jobs": "jobs_processes"}
COUNTS = (
    "deliveries_waiting",
    "messages_queued",
    "messages_unknown",
    "messages_failed",
    "messages_sent_twice",
    "items_rejected",
    "files_failed",
    "tasks_failed",
    "contact_questions",
    "conversations_waiting",
    "replies_deferred",
    "replies_late",
    "replies_owed",
)
OLDEST = {
    "messages_unknown": (
        "messaging_oldest_unknown_seconds",
        "Age of the oldest message whose outcome is unknown; none: 0.",
    ),
    "conversations_waiting": (
        "messaging_oldest_conversation_waiting_seconds",
        "How long the oldest conversation has waited for a person; none: 0.",
    ),
    "replies_deferred": (
        "messaging_oldest_deferred_reply_seconds",
        "Age of the oldest message whose answer takes its time; none: 0.",
    ),
}


class State(Collector):
    """Collects the gauges. `messaging_state_read` is 1 for each part that could be read: a login
    that may not become operator reads the platform's alone.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: list[Metric] = []
        self.kept_until = 0.0  # by time.monotonic()

    def collect(self) -> list[Metric]:
        with self.lock:
            if time.monotonic() > self.kept_until:
                self.kept = list(gauges())
                self.kept_until = time.monotonic() + KEPT_SECONDS
            return self.kept


def gauges() -> Iterator[Metric]:
    read = GaugeMetricFamily("messaging_state_read", "Whether it could be read.", labels=["part"])
    for part, of_part in {"platform": of_platform, "tenants": of_tenants}.items():
        try:
            yield from list(of_part())
            read.add_metric([part], 1)
        except (DatabaseError, InterfaceError):
            read.add_metric([part], 0)
    yield read


def of_platform() -> Iterator[Metric]:
    checks = readiness.checks()
    yield family(
        "messaging_check_ok",
        "Whether a check of /health/ready is ok.",
        "check",
        {name: float(check.is_ok) for name, check in checks.items()},
    )
    yield family(
        "messaging_check_age_seconds",
        "How long the oldest has waited, or since the last sign of life; nothing waits: 0.",
        "check",
        {name: check.seconds or 0 for name, check in checks.items() if check.bound},
    )


def of_tenants() -> Iterator[Metric]:
    with operator_scope():
        kinds = {row["kind"]: row["of_kind"] for row in problems.rows_of(newest=1)}
        waiting = needs.waiting(counted=COUNTED)
        (endpoints,) = sql.run("monitoring/endpoints", looked_at=ENDPOINTS)
    yield family(
        "messaging_problems",
        "What needs a hand, as `status` tells it.",
        "kind",
        {kind: kinds.get(kind, 0) for kind in problems.KINDS},
    )
    yield family(
        "messaging_waiting",
        f"What waits for its turn or for a hand, counted up to {COUNTED}.",
        "what",
        {what: waiting[what].number for what in COUNTS},
    )
    yield family(
        "messaging_processes",
        "Processes seen in the last minute.",
        "process",
        {process: waiting[what].number for process, what in PROCESSES.items()},
    )
    for what, (name, told) in OLDEST.items():
        yield GaugeMetricFamily(name, told, value=age_of(waiting[what].oldest))
    yield family(
        "messaging_webhook_endpoints",
        f"Webhook endpoints by state, of {ENDPOINTS} that were looked at.",
        "state",
        {state: endpoints[state] for state in ("behind", "failing", "disabled")},
    )
    yield GaugeMetricFamily(
        "messaging_oldest_undelivered_event_seconds",
        "Age of the oldest event that an endpoint is behind with; none: 0.",
        value=endpoints["oldest_event"] or 0,
    )


def age_of(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0


def family(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    metric = GaugeMetricFamily(name, told, labels=[label])
    for value_of, value in values.items():
        metric.add_metric([value_of], value)
    return metric
