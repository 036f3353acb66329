"""Route each arrival to its channel, and so to its tenant. Only our own rows decide that, never a
field of the body.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.db.models import F

from channels_app.events import (
    ChannelUpdate,
    ContactEvent,
    Event,
    MessageEvent,
    Rejected,
    StatusUpdate,
)
from channels_app.models import Channel
from messaging.arrivals import Arrival, Routed
from messaging.inbound.channel_updates import TenantUpdate, tenant_updates_of
from messaging.inbound.rejections import items_of
from messaging.models import DeadLetter, MessageStatus
from messaging.models.owner_events import shows_sharing
from messaging.models.status import Candidates

# a dead letter's reason, for which the back-office has a next step
ANOTHER_ACCOUNT = "The number is connected under another business account."

# newest first: a number may have belonged to others before
Generations = dict[tuple[str, str], list[Channel]]


@dataclass(frozen=True, slots=True)
class Refused:
    """An arrival that cannot be recorded, with every channel that has or had its number."""

    arrival: Arrival[Any]
    letter: DeadLetter
    channels: list[Channel]


@dataclass
class RoutedBatch:
    """A batch by what is to be done with it. `contact_updates` come beside messages;
    `channel_updates` are of accounts and channels.
    """

    messages: list[Routed[MessageEvent]] = field(default_factory=list)
    contact_updates: list[Routed[ContactEvent]] = field(default_factory=list)
    statuses: list[MessageStatus] = field(default_factory=list)
    channel_updates: list[TenantUpdate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def dead_letters(self) -> list[DeadLetter]:
        return [each.letter for each in self.refused]

    @cached_property
    def changing(self) -> set[UUID]:
        """The deliveries with side effects: their items change more than rows of their own."""
        of_statuses = {each.delivery_id for each in self.statuses if each.has_side_effects}
        of_updates = {
            each.arrival.delivery_id for each in self.channel_updates if each.has_side_effects
        }
        sharing = {
            each.arrival.delivery_id
            for each in self.messages
            if shows_sharing(each.arrival.event) and not each.channel.shared_at
        }
        return of_statuses | of_updates | sharing

    def add(self, routed: Routed[ContactEvent]) -> None:
        if isinstance(routed.arrival.event, MessageEvent):
            self.messages.append(cast(Routed[MessageEvent], routed))
        else:
            self.contact_updates.append(routed)


def route(arrivals: list[tuple[str, Arrival[Any]]]) -> RoutedBatch:
    """Route (kind, arrival) pairs in two statements, whatever their number, and a third where
    channel updates are among them.
    """
    channels = generations_of(arrivals)
    result, statuses, updates = RoutedBatch(), [], []
    for kind, arrival in arrivals:
        event = arrival.event
        candidates = [
            channel for number in numbers_of(event) for channel in channels.get((kind, number), ())
        ]
        match event:
            case Rejected():
                rejected = DeadLetter.of(arrival, kind, DeadLetter.Cause.REJECTED, event.reason)
                result.refused.append(Refused(arrival, rejected, candidates))
            case ContactEvent():
                current = [channel for channel in candidates if channel.status in Channel.ROUTABLE]
                if letter := letter_for(arrival, kind, current):
                    result.refused.append(Refused(arrival, letter, candidates))
                else:
                    result.add(arrival.at(current[0]))
            case StatusUpdate():
                connected = [channel for channel in candidates if channel.connected_at]
                if letter := letter_for(arrival, kind, connected):
                    result.refused.append(Refused(arrival, letter, candidates))
                else:
                    of_account = [
                        channel for channel in connected if channel.account_id == event.account_id
                    ]
                    statuses.append((arrival, of_account))
            case ChannelUpdate():
                updates.append((kind, arrival))
    result.statuses = list(with_messages(statuses))
    result.channel_updates = tenant_updates_of(updates)
    return result


def generations_of(arrivals: list[tuple[str, Arrival[Any]]]) -> Generations:
    wanted = {(kind, number) for kind, arrival in arrivals for number in numbers_of(arrival.event)}
    rows = Channel.objects.filter(
        kind__in={kind for kind, _ in wanted},
        external_id__in={external_id for _, external_id in wanted},
    )
    found: Generations = {}
    for channel in rows.select_related("tenant").order_by(
        F("connected_at").desc(nulls_last=True), "-id"
    ):
        found.setdefault((channel.kind, channel.external_id), []).append(channel)
    return found


def numbers_of(event: Event) -> set[str]:
    return {each.channel_external_id for each in items_of(event)}


def letter_for(arrival: Arrival[Any], kind: str, channels: list[Channel]) -> DeadLetter | None:
    """Return the dead letter of an arrival that none of these channels may take, or None."""
    if not channels:
        return DeadLetter.of(
            arrival, kind, DeadLetter.Cause.UNROUTABLE, "No connected channel has this number."
        )
    if not any(channel.account_id == arrival.event.account_id for channel in channels):
        return DeadLetter.of(
            arrival,
            kind,
            DeadLetter.Cause.REJECTED,
            ANOTHER_ACCOUNT,
        )
    return None


def with_messages(
    statuses: list[tuple[Arrival[StatusUpdate], list[Channel]]],
) -> Iterable[MessageStatus]:
    """Yield each status at the channel whose message it is of, or, where that is not known yet,
    waiting at the number's newest channel.
    """
    candidates: Candidates = [
        (arrival, [channel.id for channel in channels]) for arrival, channels in statuses
    ]
    messages = MessageStatus.objects.find_messages(candidates)
    for index, (arrival, channels) in enumerate(statuses):
        message_id, channel_id = messages.get(index, (None, channels[0].id))
        channel = next(channel for channel in channels if channel.id == channel_id)
        yield MessageStatus.of(arrival, channel, message_id)
