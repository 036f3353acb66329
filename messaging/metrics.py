"""What each process counts and times, as Prometheus reads it (docs/monitoring.md). No label names a
tenant, a channel or a person.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from prometheus_client import Counter, Histogram, disable_created_metrics

disable_created_metrics()

MILLISECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)

# --- the door -------------------------------------------------------------------------------------
OUTCOMES_OF_WEBHOOKS = {
    200: "accepted",
    400: "unreadable",
    401: "without_proof",
    403: "wrong_proof",
    404: "no_such_address",
    413: "too_large",
    415: "encoded",
    500: "failed",
    503: "not_stored",
}
WEBHOOKS = Counter("messaging_webhooks", "Webhooks answered, by outcome.", ["outcome"])
WEBHOOK_SECONDS = Histogram(
    "messaging_webhook_seconds", "Time to answer a webhook.", buckets=MILLISECONDS
)

# --- the pipeline ---------------------------------------------------------------------------------
DELIVERIES_RECORDED = Counter("messaging_deliveries_recorded", "Webhooks recorded to their end.")
MESSAGES_RECEIVED = Counter("messaging_messages_received", "New messages recorded.")
STATUSES_RECEIVED = Counter("messaging_statuses_received", "Statuses recorded.")
ANSWERS_QUEUED = Counter("messaging_answers_queued", "Automatic answers queued.")
ITEMS_SET_ASIDE = Counter(
    "messaging_items_set_aside", "Items of webhooks that were not recorded, by cause.", ["cause"]
)
STORED_TO_RECORDED = Histogram(
    "messaging_stored_to_recorded_seconds", "Age of a webhook when recorded.", buckets=SECONDS
)

# --- dispatch -------------------------------------------------------------------------------------
MESSAGES_POSTED = Counter("messaging_messages_posted", "Messages posted, by outcome.", ["outcome"])
MESSAGES_DOUBLED = Counter("messaging_messages_doubled", "Messages that were sent twice.")
QUEUED_TO_POSTED = Histogram(
    "messaging_queued_to_posted_seconds", "Age of a message at its first POST.", buckets=SECONDS
)
POST_SECONDS = Histogram(
    "messaging_post_seconds", "Time of a POST to the provider.", buckets=MILLISECONDS
)

# --- outgoing webhooks ----------------------------------------------------------------------------
EVENTS_POSTED = Counter(
    "messaging_events_posted", "Events posted to webhook endpoints, by outcome.", ["outcome"]
)
EVENT_POST_SECONDS = Histogram(
    "messaging_event_post_seconds", "Time of a POST to an endpoint.", buckets=MILLISECONDS
)

# A rate needs the zero before the first one.
_KNOWN_LABELS = (
    (WEBHOOKS, OUTCOMES_OF_WEBHOOKS.values()),
    (ITEMS_SET_ASIDE, ("rejected", "unroutable")),
    (MESSAGES_POSTED, ("accepted", "failed", "queued", "held", "unknown")),
    (EVENTS_POSTED, ("delivered", "failed", "given_up")),
)
for _counter, _labels in _KNOWN_LABELS:
    for _label in _labels:
        _counter.labels(_label)


def note_webhook(status: int, seconds: float) -> None:
    """Count an answered webhook by the status of its answer."""
    WEBHOOKS.labels(OUTCOMES_OF_WEBHOOKS.get(status, "other")).inc()
    WEBHOOK_SECONDS.observe(seconds)


def note_recorded(received_at: Iterable[datetime], set_aside: Iterable[str]) -> None:
    """Time a committed batch: when its deliveries came, and why each item of it was set aside."""
    now = timezone.now()
    for moment in received_at:
        STORED_TO_RECORDED.observe((now - moment).total_seconds())
    for cause in set_aside:
        ITEMS_SET_ASIDE.labels(cause).inc()
