"""Retention of what is the platform's: delete rows that are older than they need to be, some at a
time. What still waits stays.
"""

from uuid import UUID

from channels_app.event_log import purging
from messaging import sql
from messaging.models import WebhookAttempt
from tenants.models import AuditEntry
from tenants.scope import operator_scope

AT_ONCE = 1000


def purge_bodies(before: UUID) -> int:
    with operator_scope():
        return len(sql.run("deliveries/purge_deliveries", before=before, at_most=AT_ONCE))


def purge_webhook_log(before: UUID) -> int:
    """Delete what is logged of requests to webhook endpoints."""
    with operator_scope():
        old = WebhookAttempt.objects.filter(id__lt=before).order_by("id")[:AT_ONCE]
        return WebhookAttempt.objects.filter(id__in=old.values("id")).delete()[0]


def purge_events(before: UUID) -> int:
    with operator_scope():
        return purging.purge(before, AT_ONCE)


def purge_audit_log(before: UUID) -> int:
    with operator_scope():
        return AuditEntry.objects.purge(before, AT_ONCE)
