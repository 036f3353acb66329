"""Does a channel still work? Its provider is asked, outside any scope, and what it says is the
channel's health.

What works decides. A check parks a live channel only where the provider refuses the channel's
token, twice; whatever else it says is something to repair. A check that succeeds un-parks what a
refused token had parked.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from channels_app import providers
from channels_app.encryption import UNOPENED, CannotOpen
from channels_app.lifecycle.parking import Refusal, park, unpark
from channels_app.models import Channel
from channels_app.models.channel_table import CHECK
from channels_app.providers import Examination, SendError
from tenants.scope import router_scope, tenant_scope

RIGHT = "Everything is right."  # what a check finds where nothing is to be repaired


class NotAsked(Exception):
    """The provider could not be asked now; the message is a sentence for the operator."""


def to_be_checked() -> QuerySet[Channel]:
    """Channels that messages come to, in the caller's scope."""
    return (
        Channel.objects.filter(status__in=Channel.ROUTABLE).exclude(credentials="").order_by("id")
    )


def check(tenant_id: UUID, channel_id: UUID) -> list[str]:
    """Record what is to be repaired, and park or un-park the channel. Returns a sentence each;
    raises NotAsked.
    """
    with tenant_scope(tenant_id):
        channel = to_be_checked().filter(id=channel_id).first()
    if channel is None:  # it was given up since somebody wanted to know
        return []
    asked_at = timezone.now()
    found = ask(channel)
    record(channel, found, asked_at)
    return list(found.faults)


def ask(channel: Channel) -> Examination:
    """Return what the channel's provider says of it; raises NotAsked."""
    try:
        return providers.get(channel.kind).examine(channel)
    except SendError as error:
        raise NotAsked(str(error)) from None
    except (CannotOpen, KeyError, ValueError):
        raise NotAsked(UNOPENED) from None


def record(channel: Channel, found: Examination, asked_at: datetime) -> None:
    """Record what the provider said. What it said of a token that was replaced meanwhile says
    nothing of the new one.
    """
    words = dict(found.health)
    with router_scope():
        # it stays the same until the commit
        same_token = Channel.objects.with_token_of(channel).select_for_update(no_key=True)
        if (found.is_complete or found.faults) and same_token.values_list("id").first():
            words[CHECK] = " ".join(found.faults) or RIGHT
        Channel.objects.learn_health([(channel.id, words, asked_at)])
    with tenant_scope(channel.tenant_id):
        Channel.objects.with_token_of(channel).update(token_expires_at=found.token_expires_at)
    if found.is_refused:
        park(
            [Refusal(channel, Channel.Status.NEEDS_REAUTH, found.faults[0], Channel.Recovery.CHECK)]
        )
    if found.is_working:
        unpark(channel, Channel.Recovery.CHECK)
