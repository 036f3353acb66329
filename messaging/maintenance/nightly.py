"""Retention by a clock: each night, what is older than the settings and the tenants keep it. What
fails keeps nothing else from being deleted.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from messaging.maintenance import messages_kept, retention
from tenants.models.uuid7 import first_id_at
from tenants.origins import fault_of, origin_of

logger = logging.getLogger(__name__)

MESSAGES = "messages"
STEPS: dict[str, Callable[[UUID], int]] = {
    "bodies": retention.purge_bodies,
    "events": retention.purge_events,
    "webhook_log": retention.purge_webhook_log,
    "audit": retention.purge_audit_log,
}


@app.periodic(cron="43 2 * * *")
@app.task(name="messaging.tasks.purge_old", queue="upkeep", queueing_lock="purge_old")
def purge_old(timestamp: int) -> None:
    """Delete what is older than RETENTION_DAYS, or than a tenant keeps its messages, some rows at a
    time. What still waits stays.
    """
    for kind, days in settings.RETENTION_DAYS.items():
        if kind != MESSAGES:
            purge(kind, STEPS[kind], days)
    for tenant_id, days in messages_kept.days_by_tenant(settings.RETENTION_DAYS.get(MESSAGES)):
        for kind, step in messages_kept.STEPS.items():
            purge(f"{kind} of tenant {tenant_id}", partial(step, tenant_id), days)


def purge(kind: str, step: Callable[[UUID], int], days: int) -> None:
    before, total = first_id_at(timezone.now() - timedelta(days=days)), 0
    try:
        while count := step(before):
            total += count
    except Exception as error:
        logger.error("Retention of %s failed (%s at %s).", kind, fault_of(error), origin_of(error))
    if total:
        logger.info("Retention: %s rows of %s deleted.", total, kind)
