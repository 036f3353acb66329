"""A channel is given up: nothing leaves by it from now on, and its provider is told to send nothing
more.

What was written on it stays. Its token is forgotten last, because the provider is told with it.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from channels_app import providers
from channels_app.encryption import CannotOpen
from channels_app.models import Channel
from channels_app.providers import Lifecycle, SendError
from tenants.scope import operator_scope, tenant_scope

BEGUN_WITHIN = timedelta(days=1)


class NotTold(Exception):
    """The provider could not be told now; the message is a sentence for the operator."""


def disconnect(channel: Channel, *, by: str) -> bool:
    """In the caller's scope; False: it was already."""
    connected = Channel.objects.filter(id=channel.id).exclude(status=Channel.Status.DISCONNECTED)
    return (
        connected.update(
            status=Channel.Status.DISCONNECTED, status_reason=f"Disconnected by {by}."[:500]
        )
        == 1
    )


def tell(tenant_id: UUID, channel_id: UUID, *, ends_registration: bool) -> None:
    """Tell the provider of a channel that was disconnected, and forget its token. Raises
    NotTold.
    """
    with tenant_scope(tenant_id):
        channel = Channel.objects.get(id=channel_id)
    if channel.status != Channel.Status.DISCONNECTED or not channel.credentials:
        return
    try:
        is_last = not is_used(channel.kind, account_id=channel.account_id)
        ends = ends_registration and not is_used(channel.kind, external_id=channel.external_id)
        provider = providers.find(channel.kind)
        if isinstance(provider, Lifecycle):
            provider.leave(channel, is_last=is_last, ends_registration=ends)
    except SendError as error:
        if error.is_passing:
            raise NotTold(str(error)) from None
    except CannotOpen:
        pass  # there is nothing to tell it with
    with tenant_scope(tenant_id):
        Channel.objects.filter(id=channel_id, credentials=channel.credentials).update(
            credentials="", token_expires_at=None
        )


def is_used(kind: str, **same: str) -> bool:
    """Whether anybody here has a channel of the same account, or of the same number again; a look
    over all tenants.

    One that is being connected counts for a day: an attempt that was left keeps nothing registered.
    """
    is_begun = Q(status=Channel.Status.PENDING, created_at__gt=timezone.now() - BEGUN_WITHIN)
    with operator_scope():
        used = Channel.objects.filter(Q(status__in=Channel.ROUTABLE) | is_begun, kind=kind, **same)
        return used.exists()
