"""Webhooks that were recorded, and what was in them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from prometheus_client import Counter

from messaging.metrics.instruments import age, by_label

DELIVERIES_RECORDED = Counter("messaging_deliveries_recorded", "Webhooks recorded to their end.")
MESSAGES = Counter("messaging_messages_received", "New messages recorded.")
STATUSES = Counter("messaging_statuses_received", "Statuses recorded.")
ANSWERS_QUEUED = Counter("messaging_answers_queued", "Automatic answers queued.")
SET_ASIDE = by_label(
    "messaging_items_set_aside",
    "Items of webhooks that were not recorded, by cause.",
    "cause",
    ("rejected", "unroutable"),
)
STORED_TO_RECORDED = age("messaging_stored_to_recorded_seconds", "Age of a webhook when recorded.")


def note_batch(received_at: Iterable[datetime], set_aside: Iterable[str]) -> None:
    """Time a committed batch, by when its deliveries came, and count its items that were set aside,
    by their causes.
    """
    now = timezone.now()
    for moment in received_at:
        STORED_TO_RECORDED.observe((now - moment).total_seconds())
    for cause in set_aside:
        SET_ASIDE.labels(cause).inc()
