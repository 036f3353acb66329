"""Retention of messages, a tenant at a time: each keeps them for days of its own, or as the
platform does. With a message go its statuses, attempts and file, who had its thread, and in the end
the conversation that has none left. Each step deletes some at a time; what still waits stays.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, QuerySet

from messaging import sql
from messaging.models import ErasedMessage, Media, Message, OwnerChange, ThreadOrder
from tenants.models import Tenant
from tenants.models.uuid7 import time_of
from tenants.origins import origin_of
from tenants.scope import operator_scope

logger = logging.getLogger(__name__)

AT_ONCE = 1000
Step = Callable[[UUID, UUID], int]  # a tenant, and an id: what is older is deleted; how many


def days_by_tenant(otherwise: int | None) -> list[tuple[UUID, int]]:
    """Return the tenants whose old messages are deleted, with the days that each keeps them.
    `otherwise`: of those that have no days of their own; None: for ever.
    """
    with operator_scope():
        own = Tenant.objects.order_by("id").values_list("id", "keep_messages_days")
        return [(id, days or otherwise) for id, days in own if days or otherwise]  # type: ignore[misc]


def purge_messages(tenant_id: UUID, before: UUID) -> int:
    with operator_scope():
        rows = sql.run(
            "messages/purge_messages", tenant_id=tenant_id, before=before, at_most=AT_ONCE
        )
        received = [row for row in rows if row["came_in"]]
        ErasedMessage.objects.remember(
            (row["tenant_id"], row["channel_id"], row["external_id"]) for row in received
        )
    return len(rows)


def purge_owner_history(tenant_id: UUID, before: UUID) -> int:
    """Delete who had the threads of messages, and orders about it that have ended: both hold notes
    about people.
    """
    with operator_scope():
        old = {"tenant": tenant_id, "id__lt": before}
        changes = OwnerChange.objects.filter(**old).order_by("id")[:AT_ONCE]
        ended = ThreadOrder.objects.filter(**old, ended_at__isnull=False).order_by("id")
        deleted, _ = OwnerChange.objects.filter(id__in=changes.values("id")).delete()
        orders, _ = ThreadOrder.objects.filter(id__in=ended[:AT_ONCE].values("id")).delete()
    return deleted + orders


def purge_files(tenant_id: UUID, before: UUID) -> int:
    """Delete files that no message has any more. They are withdrawn first, so that none takes one
    meanwhile; then storage deletes them, because a row whose file is left would be found again. A
    file that storage does not delete keeps no other.
    """
    with operator_scope():
        names = Media.objects.withdraw(unused_files(tenant_id, before), at_most=AT_ONCE)
    gone = [id for id, name in names.items() if is_deleted(id, name)]
    with operator_scope():
        return len(sql.run("media/purge_media", ids=gone))


def unused_files(tenant_id: UUID, before: UUID) -> QuerySet[Media]:
    used = Message.objects.filter(tenant=OuterRef("tenant"), attachment=OuterRef("id"))
    return Media.objects.filter(~Exists(used), tenant=tenant_id, id__lt=before)


def is_deleted(media_id: UUID, name: str) -> bool:
    try:
        if name:
            default_storage.delete(name)
    except Exception as error:
        told = "The content of file %s could not be deleted (%s at %s)."
        logger.error(told, media_id, type(error).__name__, origin_of(error))
        return False
    return True


def purge_conversations(tenant_id: UUID, before: UUID) -> int:
    """Delete conversations in which nothing was written since and that hold nothing any more."""
    with operator_scope():
        rows = sql.run(
            "conversations/purge_conversations",
            tenant_id=tenant_id,
            before=time_of(before),
            at_most=AT_ONCE,
        )
    return len(rows)


STEPS: dict[str, Step] = {
    "messages": purge_messages,
    "owners": purge_owner_history,
    "files": purge_files,
    "conversations": purge_conversations,
}
