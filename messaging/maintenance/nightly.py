"""Retention by a clock: each night, what is older than the settings keep it."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from messaging.maintenance import retention
from tenants.models.uuid7 import first_id_at

logger = logging.getLogger(__name__)

STEPS: dict[str, tuple[Callable[[UUID], int], ...]] = {
    "bodies": (retention.purge_bodies,),
    "events": (retention.purge_events,),
    "messages": (retention.purge_messages, retention.purge_owner_history, retention.purge_files),
    "webhook_log": (retention.purge_webhook_log,),
    "audit": (retention.purge_audit_log,),
}


@app.periodic(cron="43 2 * * *")
@app.task(name="messaging.tasks.purge_old", queue="upkeep", queueing_lock="purge_old")
def purge_old(timestamp: int) -> None:
    """Delete what is older than RETENTION_DAYS, some rows at a time. What still waits stays."""
    for kind, days in settings.RETENTION_DAYS.items():
        before = first_id_at(timezone.now() - timedelta(days=days))
        deleted = sum(purge(step, before) for step in STEPS[kind])
        logger.info("Retention: %s rows of %s deleted.", deleted, kind)


def purge(step: Callable[[UUID], int], before: UUID) -> int:
    total = 0
    while count := step(before):
        total += count
    return total
