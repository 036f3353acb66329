"""What a stored delivery says, item by item, and which rows were made of each: read again from its
bytes, to be looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.db.models import Q

from channels_app.events import ChannelUpdate, Event, MessageEvent, StatusUpdate
from channels_app.models import Channel, ChannelEvent
from channels_app.models.channel_event import fingerprint
from messaging.arrivals import Arrival
from messaging.inbound.batches import arrivals_of
from messaging.models import Message, MessageStatus, WebhookDelivery

MOST = 100  # items
MOST_ROWS = 1000  # of one kind that are looked at for them

StatusKey = tuple[str, str, str]  # external id, status, participant


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item. `message_id`: the message that it is or tells of; `is_recorded`: whether a row says
    what it says, where that can be seen.
    """

    position: int
    event: Event
    channel: Channel | None = None
    message_id: UUID | None = None
    channel_event_ids: tuple[UUID, ...] = ()
    is_recorded: bool = False


@dataclass(slots=True)
class Rows:
    """The rows that the items of a delivery may have made, by what they are found by."""

    channels: list[Channel] = field(default_factory=list)
    messages: dict[str, UUID] = field(default_factory=dict)
    statuses: dict[StatusKey, UUID | None] = field(default_factory=dict)
    channel_events: dict[str, list[UUID]] = field(default_factory=dict)


def contents_of(delivery: WebhookDelivery) -> tuple[list[Item], bool]:
    """Return the first items of a delivery with what was recorded of them, and whether it has more.
    Asks four times at most, however many there are. Within operator_scope.
    """
    found = list(islice(arrivals_of(delivery), MOST + 1))
    shown = found[:MOST]
    rows = rows_of(delivery.kind, shown)
    return [item_of(arrival, rows) for arrival in shown], len(found) > MOST


def rows_of(kind: str, arrivals: Iterable[Arrival]) -> Rows:
    events = [arrival.event for arrival in arrivals]
    numbers = {each.channel_external_id for each in events} - {""}
    accounts = {each.account_id for each in events if isinstance(each, ChannelUpdate)} - {""}
    channels = Channel.objects.filter(
        Q(external_id__in=numbers) | Q(account_id__in=accounts), kind=kind
    )
    newest_first = channels.select_related("tenant").order_by("-id")
    rows = Rows(channels=list(newest_first[:MOST_ROWS]))
    ids = [channel.id for channel in rows.channels if channel.external_id in numbers]
    rows.messages = messages_of(events, ids)
    rows.statuses = statuses_of(events, ids)
    tenants = {channel.tenant_id for channel in rows.channels if channel.account_id in accounts}
    rows.channel_events = channel_events_of(arrivals, tenants)
    return rows


def messages_of(events: Iterable[Event], channel_ids: list[UUID]) -> dict[str, UUID]:
    wanted = {each.external_id for each in events if isinstance(each, MessageEvent)}
    if not wanted:
        return {}
    messages = Message.objects.filter(channel__in=channel_ids, external_id__in=wanted)
    return dict(messages.values_list("external_id", "id")[:MOST_ROWS])  # type: ignore[arg-type]


def statuses_of(events: Iterable[Event], channel_ids: list[UUID]) -> dict[StatusKey, UUID | None]:
    wanted = {each.external_id for each in events if isinstance(each, StatusUpdate)}
    if not wanted:
        return {}
    statuses = MessageStatus.objects.filter(channel__in=channel_ids, external_id__in=wanted)
    columns = ("external_id", "status", "participant", "message_id")
    return {
        (external_id, status, participant): message_id
        for external_id, status, participant, message_id in statuses.values_list(*columns)[
            :MOST_ROWS
        ]
    }


def channel_events_of(arrivals: Iterable[Arrival], tenants: set[UUID]) -> dict[str, list[UUID]]:
    wanted = {print_of(arrival) for arrival in arrivals if isinstance(arrival.event, ChannelUpdate)}
    found: dict[str, list[UUID]] = {}
    if wanted:
        rows = ChannelEvent.objects.filter(tenant__in=tenants, fingerprint__in=wanted)
        for word, id in rows.order_by("id").values_list("fingerprint", "id")[:MOST_ROWS]:
            found.setdefault(word, []).append(id)
    return found


def print_of(arrival: Arrival[ChannelUpdate]) -> str:
    moment = arrival.event.occurred_at or arrival.received_at.date()
    return fingerprint(arrival.event, moment)


def item_of(arrival: Arrival, rows: Rows) -> Item:
    event = arrival.event
    of_number = (each for each in rows.channels if each.external_id == event.channel_external_id)
    message_id: UUID | None = None
    event_ids: tuple[UUID, ...] = ()
    is_recorded = False
    match event:
        case MessageEvent():
            message_id = rows.messages.get(event.external_id)
            is_recorded = message_id is not None
        case StatusUpdate():
            key = (event.external_id, event.status, event.participant)
            message_id, is_recorded = rows.statuses.get(key), key in rows.statuses
        case ChannelUpdate():
            event_ids = tuple(rows.channel_events.get(print_of(arrival), ()))
            is_recorded = bool(event_ids)
    return Item(
        position=arrival.position,
        event=event,
        channel=next(of_number, None),
        message_id=message_id,
        channel_event_ids=event_ids,
        is_recorded=is_recorded,
    )
