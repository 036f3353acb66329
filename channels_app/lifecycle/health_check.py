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
from channels_app.lifecycle.parking import Refusal, park, unpark
from channels_app.models import Channel
from channels_app.models.channel import THREAD_ROLE
from channels_app.models.channel_table import CHECK
from channels_app.providers import HealthReport, SendError, UnknownProvider
from tenants.encryption import CannotOpen
from tenants.scope import router_scope, tenant_scope

OK = "ok"  # what a check finds where nothing is to be repaired
# the second is what an earlier release wrote: the next hourly check replaces it
NOTHING_FOUND = (OK, "Everything is right.")


class NotAsked(Exception):
    """The provider could not be asked now; the message is a sentence for the operator."""


def to_be_checked() -> QuerySet[Channel]:
    """Channels that messages come to, of the kinds that are installed, in the caller's scope."""
    routable = Channel.objects.filter(status__in=Channel.ROUTABLE, kind__in=providers.kinds())
    return routable.exclude(credentials="").order_by("id")


def finding_of(channel: Channel) -> str:
    """Return what the last check found to be repaired, in sentences; empty for nothing."""
    found = channel.health.get(CHECK, {}).get("value", OK)
    return "" if found in NOTHING_FOUND else found


def check(tenant_id: UUID, channel_id: UUID) -> list[str]:
    """Record what is to be repaired, and park or un-park the channel.

    Returns a sentence for each thing to be repaired. Raises NotAsked.
    """
    with tenant_scope(tenant_id):
        channel = to_be_checked().filter(id=channel_id).first()
    if channel is None:  # it was given up since somebody wanted to know
        return []
    asked_at = timezone.now()
    found = ask(channel)
    record(channel, found, asked_at)
    return list(found.faults)


def ask(channel: Channel) -> HealthReport:
    """Return what the channel's provider says of it; raises NotAsked."""
    try:
        return providers.acting_for(channel).health_check(channel)
    except (SendError, CannotOpen, UnknownProvider) as error:
        raise NotAsked(str(error)) from None


def record(channel: Channel, found: HealthReport, asked_at: datetime) -> None:
    """Record what the provider said. What it said of a token that was replaced meanwhile says
    nothing of the new one.
    """
    words = dict(found.health)
    if found.thread_role is not None:
        words[THREAD_ROLE] = found.thread_role
    with router_scope():
        # it stays the same until the commit
        same_token = Channel.objects.with_token_of(channel).select_for_update(no_key=True)
        if (found.is_complete or found.faults) and same_token.values_list("id").first():
            words[CHECK] = " ".join(found.faults) or OK
        Channel.objects.learn_health([(channel.id, words, asked_at)])
    with tenant_scope(channel.tenant_id):
        Channel.objects.with_token_of(channel).update(token_expires_at=found.token_expires_at)
    if found.is_refused:
        park(
            [Refusal(channel, Channel.Status.NEEDS_REAUTH, found.faults[0], Channel.Recovery.CHECK)]
        )
    if found.is_working:
        unpark(channel, Channel.Recovery.CHECK)
