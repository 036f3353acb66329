"""Disconnect a channel: nothing is sent by it any more, and its provider is asked to send nothing
more.

Its history stays. Its token is forgotten last, because the provider is asked with it.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from channels_app import event_log, providers
from channels_app.event_log import LoggedEvent
from channels_app.models import Channel
from channels_app.providers import Lifecycle, SendError, UnknownProvider
from tenants.encryption import CannotOpen
from tenants.scope import operator_scope, tenant_scope

BEGUN_WITHIN = timedelta(days=1)
LOGGED = "It was disconnected."  # by whom is not the business of programs


class NotReported(Exception):
    """The provider could not be reached now; the message is a sentence for the operator."""


def disconnect(channel: Channel, *, by: str) -> bool:
    """Mark the channel as disconnected, in the caller's scope. Returns False if it was already."""
    gone = Channel.Status.DISCONNECTED
    connected = Channel.objects.filter(id=channel.id).exclude(status=gone)
    is_ours = connected.update(status=gone, status_reason=f"Disconnected by {by}."[:500]) == 1
    if is_ours:
        event_log.append([LoggedEvent.of_channel(channel.tenant_id, channel.id, gone, LOGGED)])
    return is_ours


def report(tenant_id: UUID, channel_id: UUID, *, ends_registration: bool) -> None:
    """Report to the provider that a channel was disconnected, and forget its token. Raises
    NotReported.
    """
    with tenant_scope(tenant_id):
        channel = Channel.objects.get(id=channel_id)
    if channel.status != Channel.Status.DISCONNECTED or not channel.credentials:
        return
    try:
        is_last = not is_used(channel.kind, account_id=channel.account_id)
        ends = ends_registration and not is_used(channel.kind, external_id=channel.external_id)
        provider = providers.acting_for(channel)
        if isinstance(provider, Lifecycle):
            provider.leave(channel, is_last=is_last, ends_registration=ends)
    except SendError as error:
        if error.is_passing:
            raise NotReported(str(error)) from None
    except (CannotOpen, UnknownProvider):
        pass  # without a token, or its code, the provider cannot be asked
    with tenant_scope(tenant_id):
        Channel.objects.filter(id=channel_id, credentials=channel.credentials).update(
            credentials="", token_expires_at=None
        )


def is_used(kind: str, **same: str) -> bool:
    """Return whether any tenant has a channel of the same account, or of the same number again.

    A channel that is being connected counts for a day: an attempt that was abandoned keeps nothing
    registered.
    """
    is_begun = Q(status=Channel.Status.PENDING, created_at__gt=timezone.now() - BEGUN_WITHIN)
    with operator_scope():
        used = Channel.objects.filter(Q(status__in=Channel.ROUTABLE) | is_begun, kind=kind, **same)
        return used.exists()
