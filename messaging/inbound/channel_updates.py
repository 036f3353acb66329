"""Record what a provider tells of accounts, channels and templates, route it to its tenants, and
apply what follows from it.

The account decides whose it is, by our own channels: each tenant that has some of the account gets
rows of its own. Everything is safe to repeat, and what was true earlier never undoes what is true
now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import OperationalError

from channels_app.events import ChannelUpdate
from channels_app.latest_wins import stamp
from channels_app.lifecycle.parking import Refusal, park
from channels_app.models import Channel, ChannelEvent, MessageTemplate, TemplateReport
from channels_app.models.channel import POSSIBLE, SENDING
from channels_app.models.channel_event import fingerprint
from messaging.arrivals import Arrival
from messaging.database_errors import RETRY_LATER
from tenants.origins import sqlstate
from tenants.scope import router_scope

SHORT_WAIT = "200ms"  # for a lock: everybody's messages wait behind this


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUpdate:
    """A channel update as it concerns one tenant: its `channel`, if it is about one, and the
    `channels` that it is true of.
    """

    arrival: Arrival[ChannelUpdate]
    provider: str
    tenant_id: UUID
    channel: Channel | None
    channels: list[Channel]

    @property
    def event(self) -> ChannelUpdate:
        return self.arrival.event

    @property
    def at(self) -> datetime:
        return self.event.occurred_at or self.arrival.received_at

    @property
    def health(self) -> dict[str, str]:
        """What the provider says, and of it in our word whether the channel can send."""
        sending = self.event.parks or (POSSIBLE if self.event.lifts else "")
        return {**self.event.health, **({SENDING: sending} if sending else {})}

    @property
    def has_side_effects(self) -> bool:
        return bool(self.event.template or self.health or self.event.is_shared)


def tenant_updates_of(updates: list[tuple[str, Arrival[ChannelUpdate]]]) -> list[TenantUpdate]:
    """Return an update for each tenant that one of the (provider, arrival) pairs concerns. A pair
    without a summary, or without a channel of its account, stays in its delivery.
    """
    listed = [(provider, arrival) for provider, arrival in updates if arrival.event.summary]
    channels = channels_of({(provider, arrival.event.account_id) for provider, arrival in listed})
    return [
        update
        for provider, arrival in listed
        for update in updates_for_tenants(
            provider, arrival, channels.get((provider, arrival.event.account_id), [])
        )
    ]


def channels_of(accounts: set[tuple[str, str]]) -> dict[tuple[str, str], list[Channel]]:
    found: dict[tuple[str, str], list[Channel]] = {}
    if accounts:
        kinds, ids = (set(column) for column in zip(*accounts, strict=True))
        for channel in Channel.objects.filter(
            kind__in=kinds, account_id__in=ids, status__in=Channel.ROUTABLE
        ).order_by("id"):
            found.setdefault((channel.kind, channel.account_id), []).append(channel)
    return found


def updates_for_tenants(
    provider: str, arrival: Arrival[ChannelUpdate], channels: list[Channel]
) -> Iterator[TenantUpdate]:
    """Yield an update for the tenant of the one channel that is meant, or, where it is not known
    which one is, for each tenant with channels of the account.
    """
    meant = meant_by(arrival.event, channels)
    is_named = bool(arrival.event.channel_external_id or arrival.event.number)
    if len(meant) == 1:
        (channel,) = meant
        yield TenantUpdate(
            arrival=arrival,
            provider=provider,
            tenant_id=channel.tenant_id,
            channel=channel,
            channels=meant,
        )
        return
    for tenant_id in sorted({channel.tenant_id for channel in channels}):
        of_tenant = (
            [] if is_named else [channel for channel in channels if channel.tenant_id == tenant_id]
        )
        yield TenantUpdate(
            arrival=arrival,
            provider=provider,
            tenant_id=tenant_id,
            channel=None,
            channels=of_tenant,
        )


def meant_by(event: ChannelUpdate, channels: list[Channel]) -> list[Channel]:
    """Return the account's channels that an event may be about: the one that it names, those whose
    number is not known yet, or all.
    """
    if event.channel_external_id:
        return [channel for channel in channels if channel.external_id == event.channel_external_id]
    if event.number:
        named = [channel for channel in channels if channel.phone_number == event.number]
        return named or [channel for channel in channels if not channel.phone_number]
    return channels


def record(updates: list[TenantUpdate]) -> None:
    """Record the updates as their tenants' history. Within a scope of the pipeline."""
    ChannelEvent.objects.record([channel_event_of(update) for update in updates])


def channel_event_of(update: TenantUpdate) -> ChannelEvent:
    event, arrival = update.event, update.arrival
    return ChannelEvent(
        tenant_id=update.tenant_id,
        channel=update.channel,
        provider=update.provider,
        account_id=event.account_id,
        kind=event.kind,
        severity=event.severity,
        summary=event.summary,
        raw=event.raw,
        occurred_at=update.at,
        delivery_id=arrival.delivery_id,
        # An update without a moment of its own may come again tomorrow and be another one.
        fingerprint=fingerprint(event, event.occurred_at or arrival.received_at.date()),
    )


def apply(updates: list[TenantUpdate]) -> set[UUID]:
    """Apply the updates to templates and to the health of channels, and park the channels that
    cannot send, in transactions of its own.

    Returns the deliveries that are to be processed again, because somebody holds locked what they
    change.
    """
    try:
        learn_templates(updates)
        channels = learn_health(updates)
    except OperationalError as error:
        if sqlstate(error) not in RETRY_LATER:
            raise
        return {update.arrival.delivery_id for update in updates}
    refusals = [
        (update, refusal) for update in updates for refusal in refusals_of(update, channels)
    ]
    locked = park(refusal for _, refusal in refusals)
    return {
        update.arrival.delivery_id for update, refusal in refusals if refusal.channel.id in locked
    }


def learn_templates(updates: list[TenantUpdate]) -> None:
    if changes := [change for update in updates for change in changes_of(update)]:
        with router_scope(SHORT_WAIT):
            MessageTemplate.objects.apply(changes)


def learn_health(updates: list[TenantUpdate]) -> Mapping[UUID, Channel]:
    reports = [
        (channel.id, update.health, update.at)
        for update in updates
        if update.health
        for channel in update.channels
    ]
    if not reports:
        return {}
    with router_scope(SHORT_WAIT):
        return Channel.objects.learn_health(reports)


def changes_of(update: TenantUpdate) -> Iterator[TemplateReport]:
    if change := update.event.template:
        key = (
            update.tenant_id,
            update.provider,
            update.event.account_id,
            change.name,
            change.language,
        )
        yield TemplateReport(
            key=key, values={**change.values, "external_id": change.external_id}, at=update.at
        )


def refusals_of(update: TenantUpdate, now: Mapping[UUID, Channel]) -> Iterator[Refusal]:
    """Yield a refusal for each channel that cannot send, unless a later update says otherwise or
    the channel was connected since.
    """
    event = update.event
    if not event.parks:
        return
    still_connected = [
        channel
        for channel in update.channels
        if channel.connected_at and channel.connected_at < update.at
    ]
    was_reconnected_since = still_connected != update.channels
    if event.parks == Channel.Status.RESTRICTED and was_reconnected_since:
        return  # it takes the whole account with it, which somebody has connected since
    for channel in still_connected:
        is_still_the_latest_word = channel.id in now and now[channel.id].health[SENDING][
            "at"
        ] == stamp(update.at)
        if is_still_the_latest_word:
            yield Refusal(channel, event.parks, event.summary, event.recovers_by)
