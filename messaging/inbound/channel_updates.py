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
from channels_app.models import Channel, ChannelEvent, MessageTemplate, Told
from channels_app.models.channel import POSSIBLE, SENDING
from channels_app.models.channel_event import fingerprint
from messaging.arrivals import Arrival
from messaging.database_errors import RETRY_LATER, sqlstate
from tenants.scope import router_scope

SHORT_WAIT = "200ms"  # for a lock: everybody's messages wait behind this


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """An event as it concerns one tenant: its `channel`, if it is about one, and the `channels`
    that it is true of.
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


def concerns_of(told: list[tuple[str, Arrival[ChannelUpdate]]]) -> list[Concern]:
    """Whom (provider, arrival) pairs concern. What has no summary, or no channel of its account,
    stays in its delivery.
    """
    listed = [(provider, arrival) for provider, arrival in told if arrival.event.summary]
    channels = channels_of({(provider, arrival.event.account_id) for provider, arrival in listed})
    return [
        concern
        for provider, arrival in listed
        for concern in concerning(
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


def concerning(
    provider: str, arrival: Arrival[ChannelUpdate], channels: list[Channel]
) -> Iterator[Concern]:
    """One channel's tenant, where it is known which channel is meant; else each tenant with
    channels of the account.
    """
    meant = meant_by(arrival.event, channels)
    is_named = bool(arrival.event.channel_external_id or arrival.event.number)
    if len(meant) == 1:
        (channel,) = meant
        yield Concern(
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
        yield Concern(
            arrival=arrival,
            provider=provider,
            tenant_id=tenant_id,
            channel=None,
            channels=of_tenant,
        )


def meant_by(event: ChannelUpdate, channels: list[Channel]) -> list[Channel]:
    """The account's channels that an event may be about: the one it names, those whose number is
    not known yet, or all.
    """
    if event.channel_external_id:
        return [channel for channel in channels if channel.external_id == event.channel_external_id]
    if event.number:
        named = [channel for channel in channels if channel.phone_number == event.number]
        return named or [channel for channel in channels if not channel.phone_number]
    return channels


def record(concerns: list[Concern]) -> None:
    """Keep them as their tenants' history. Within a scope of the pipeline."""
    ChannelEvent.objects.record([notice_of(each) for each in concerns])


def notice_of(concern: Concern) -> ChannelEvent:
    event, arrival = concern.event, concern.arrival
    return ChannelEvent(
        tenant_id=concern.tenant_id,
        channel=concern.channel,
        provider=concern.provider,
        account_id=event.account_id,
        kind=event.kind,
        severity=event.severity,
        summary=event.summary,
        raw=event.raw,
        occurred_at=concern.at,
        delivery_id=arrival.delivery_id,
        # Without a moment of its own it may come again tomorrow and mean it.
        fingerprint=fingerprint(event, event.occurred_at or arrival.received_at.date()),
    )


def conclude(concerns: list[Concern]) -> set[UUID]:
    """Templates, health, and which channels cannot send or can again; in transactions of its own.

    Returns the deliveries that are to be processed again, because somebody holds locked what they
    change.
    """
    try:
        learn_templates(concerns)
        channels = learn_health(concerns)
    except OperationalError as error:
        if sqlstate(error) not in RETRY_LATER:
            raise
        return {concern.arrival.delivery_id for concern in concerns}
    refusals = [
        (concern, refusal) for concern in concerns for refusal in refusals_of(concern, channels)
    ]
    locked = park(refusal for _, refusal in refusals)
    return {
        concern.arrival.delivery_id for concern, refusal in refusals if refusal.channel.id in locked
    }


def learn_templates(concerns: list[Concern]) -> None:
    if changes := [change for concern in concerns for change in changes_of(concern)]:
        with router_scope(SHORT_WAIT):
            MessageTemplate.objects.apply(changes)


def learn_health(concerns: list[Concern]) -> Mapping[UUID, Channel]:
    told = [
        (each.id, concern.health, concern.at)
        for concern in concerns
        if concern.health
        for each in concern.channels
    ]
    if not told:
        return {}
    with router_scope(SHORT_WAIT):
        return Channel.objects.learn_health(told)


def changes_of(concern: Concern) -> Iterator[Told]:
    if change := concern.event.template:
        key = (
            concern.tenant_id,
            concern.provider,
            concern.event.account_id,
            change.name,
            change.language,
        )
        yield Told(
            key=key, values={**change.values, "external_id": change.external_id}, at=concern.at
        )


def refusals_of(concern: Concern, now: Mapping[UUID, Channel]) -> Iterator[Refusal]:
    """Yield a refusal for each channel that cannot send, unless it was told otherwise or connected
    since.
    """
    event = concern.event
    if not event.parks:
        return
    still_connected = [
        each for each in concern.channels if each.connected_at and each.connected_at < concern.at
    ]
    was_reconnected_since = still_connected != concern.channels
    if event.parks == Channel.Status.RESTRICTED and was_reconnected_since:
        return  # it takes the whole account with it, which somebody has connected since
    for channel in still_connected:
        is_still_the_latest_word = channel.id in now and now[channel.id].health[SENDING][
            "at"
        ] == stamp(concern.at)
        if is_still_the_latest_word:
            yield Refusal(channel, event.parks, event.summary, event.recovers_by)
