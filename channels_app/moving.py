"""Whose a number is: it is live under one tenant at most, and goes to another only when that one has proven it theirs.

Looks over all tenants, in scopes of its own. What it tells names no tenant.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from channels_app.models import Channel, ChannelMove
from tenants.scope import operator_scope

MOVED = "Another business has proven at Meta that the number is its own, and took it over."


def taken(kind: str, external_ids: Iterable[str], *, by_other_than: UUID) -> set[str]:
    """Which of these numbers another tenant has."""
    with operator_scope():
        return {each.external_id for each in held(kind, external_ids, by_other_than)}


def release(kind: str, external_ids: Iterable[str], *, to_tenant_id: UUID, by_user_id: UUID) -> int:
    """Other tenants' channels of these numbers are disconnected, and what waits on them is cancelled; how many. Recorded.

    The caller has proven with a token of the provider's that the numbers are the tenant's.
    """
    with operator_scope():
        channels = list(held(kind, external_ids, to_tenant_id).order_by("id").select_for_update(no_key=True))
        for channel in channels:
            ChannelMove.objects.create(
                kind=kind,
                external_id=channel.external_id,
                from_tenant_id=channel.tenant_id,
                from_channel_id=channel.id,
                to_tenant_id=to_tenant_id,
                by_user_id=by_user_id,
            )
        gone = {"status": Channel.Status.DISCONNECTED, "status_reason": MOVED, "credentials": ""}
        Channel.objects.filter(id__in=[each.id for each in channels]).update(**gone)
    return len(channels)


def held(kind: str, external_ids: Iterable[str], by_other_than: UUID) -> QuerySet[Channel]:
    found = Channel.objects.filter(kind=kind, external_id__in=list(external_ids)).exclude(tenant=by_other_than)
    return found.exclude(status=Channel.Status.DISCONNECTED)
