"""Retention: delete rows and files that are older than they need to be, some at a time. What still
waits stays.
"""

from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef

from channels_app.event_log import purging
from messaging import sql
from messaging.models import (
    ErasedMessage,
    Media,
    Message,
    OwnerChange,
    ThreadOrder,
    WebhookAttempt,
)
from tenants.models import AuditEntry
from tenants.scope import operator_scope

AT_ONCE = 1000


def purge_bodies(before: UUID) -> int:
    with operator_scope():
        return len(sql.run("deliveries/purge_deliveries", before=before, at_most=AT_ONCE))


def purge_messages(before: UUID) -> int:
    with operator_scope():
        rows = sql.run("messages/purge_messages", before=before, at_most=AT_ONCE)
        received = [row for row in rows if row["came_in"]]
        ErasedMessage.objects.remember(
            (row["tenant_id"], row["channel_id"], row["external_id"]) for row in received
        )
    return len(rows)


def purge_webhook_log(before: UUID) -> int:
    """Delete what is logged of requests to webhook endpoints."""
    with operator_scope():
        old = WebhookAttempt.objects.filter(id__lt=before).order_by("id")[:AT_ONCE]
        return WebhookAttempt.objects.filter(id__in=old.values("id")).delete()[0]


def purge_owner_history(before: UUID) -> int:
    """Delete who had the threads of messages, and orders about it that have ended: both hold notes
    about people.
    """
    with operator_scope():
        changes = OwnerChange.objects.filter(id__lt=before).order_by("id")[:AT_ONCE]
        ended = ThreadOrder.objects.filter(id__lt=before, ended_at__isnull=False).order_by("id")
        deleted, _ = OwnerChange.objects.filter(id__in=changes.values("id")).delete()
        orders, _ = ThreadOrder.objects.filter(id__in=ended[:AT_ONCE].values("id")).delete()
    return deleted + orders


def purge_events(before: UUID) -> int:
    with operator_scope():
        return purging.purge(before, AT_ONCE)


def purge_audit_log(before: UUID) -> int:
    with operator_scope():
        return AuditEntry.objects.purge(before, AT_ONCE)


def purge_files(before: UUID) -> int:
    """Delete files that no message has any more. Storage deletes them first, because a row whose
    file is left would be found again.
    """
    with operator_scope():
        used = Message.objects.filter(tenant=OuterRef("tenant"), attachment=OuterRef("id"))
        unused = Media.objects.filter(~Exists(used), id__lt=before).order_by("id")[:AT_ONCE]
        names = dict(unused.values_list("id", "file"))
    for name in filter(None, names.values()):
        default_storage.delete(name)
    with operator_scope():
        return len(sql.run("media/purge_media", ids=list(names)))
