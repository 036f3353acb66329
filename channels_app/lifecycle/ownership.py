"""Ownership of numbers: a number is one tenant's at most, and moves to another only when that one
has proven it theirs and is ready to use it.

Looks over all tenants. What it returns names no tenant.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from channels_app import event_log
from channels_app.event_log import LoggedEvent
from channels_app.models import Channel, ChannelMove
from tenants.scope import operator_scope

MOVED = "Another business has proven at Meta that the number is its own, and took it over."


def taken(kind: str, external_ids: Iterable[str], *, by_other_than: UUID) -> set[str]:
    """Return which of these numbers another tenant has. Opens a scope of its own."""
    with operator_scope():
        owned = Channel.objects.filter(
            kind=kind, external_id__in=list(external_ids), status__in=Channel.ROUTABLE
        )
        return set(owned.exclude(tenant=by_other_than).values_list("external_id", flat=True))


def locked(kind: str, external_ids: Iterable[str]) -> list[Channel]:
    """Return every tenant's channels of these numbers that are not disconnected, locked in one
    order. Within operator_scope.
    """
    channels = Channel.objects.filter(kind=kind, external_id__in=list(external_ids))
    return list(
        channels.exclude(status=Channel.Status.DISCONNECTED)
        .order_by("id")
        .select_for_update(no_key=True)
    )


def release(
    channels: Collection[Channel],
    *,
    to_tenant_id: UUID,
    by_user_id: UUID | None = None,
    by_link_id: UUID | None = None,
) -> None:
    """Disconnect locked channels of other tenants, and record whom their numbers go to, by the
    order of a member or of whoever has a connect link. Within operator_scope.

    The caller has proven with a token of the provider's that the numbers are the tenant's, and
    makes the tenant's own channels live in the same transaction. What waits on the former ones is
    cancelled by the worker.
    """
    for channel in channels:
        ChannelMove.objects.create(
            kind=channel.kind,
            external_id=channel.external_id,
            from_tenant_id=channel.tenant_id,
            from_channel_id=channel.id,
            to_tenant_id=to_tenant_id,
            by_user_id=by_user_id,
            by_link_id=by_link_id,
        )
    gone = {"status": Channel.Status.DISCONNECTED, "status_reason": MOVED, "credentials": ""}
    Channel.objects.filter(id__in=[channel.id for channel in channels]).update(**gone)
    event_log.append(
        LoggedEvent.of_channel(each.tenant_id, each.id, Channel.Status.DISCONNECTED, MOVED)
        for each in channels
    )
