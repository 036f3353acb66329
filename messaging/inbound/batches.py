"""Normalize deliveries into batches, each one transaction's portion of items, so that nobody waits
longer than a portion takes.

What is left of a large delivery stays parsed in this process until its next turn. That saves time
and decides nothing: any other process parses the bytes again and begins at the same item.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.events import ChannelUpdate, ContactEvent, Event, Rejected
from messaging.arrivals import Arrival
from messaging.inbound.rejections import summed_up
from messaging.models import WebhookDelivery
from messaging.models.delivery import NOBODY
from tenants.origins import origin_of

logger = logging.getLogger(__name__)

BATCH_ITEMS = 500
# senders and templates of one transaction: each is rows to lock, and the server's lock table is
# finite
BATCH_KEYS = 250
PORTION_ITEMS = 400  # of one delivery, beyond which others have their turn
# people that are seen for the first time cost ten times as much as another message of theirs
PORTION_KEYS = 200
KEPT_RESTS = 4
# how a dead letter's reason begins, for which the back-office has a next step
NOT_PARSED = "It could not be parsed"

_rests: dict[UUID, "Items"] = {}  # of this process, the oldest first


@dataclass
class Batch:
    """The items that one transaction records. `finished`: the deliveries whose last item is among
    them; `begun`: the item at which each of the others goes on.
    """

    items: list[tuple[str, Arrival]] = field(default_factory=list)
    finished: list[UUID] = field(default_factory=list)
    begun: dict[UUID, int] = field(default_factory=dict)
    keys: set[object] = field(default_factory=set)

    def add(self, kind: str, arrival: Arrival) -> None:
        self.items.append((kind, arrival))
        self.keys.update(keys_of(arrival.event))

    def is_portion(self) -> bool:
        return len(self.items) >= PORTION_ITEMS or len(self.keys) >= PORTION_KEYS

    def has_room_for(self, other: "Batch") -> bool:
        return (
            len(self.items) + len(other.items) <= BATCH_ITEMS
            and len(self.keys | other.keys) <= BATCH_KEYS
        )

    def join(self, other: "Batch") -> None:
        self.items += other.items
        self.finished += other.finished
        self.begun |= other.begun
        self.keys |= other.keys

    def came_at(self) -> datetime:
        """Return when the newest of the items came; now, where there is none."""
        return max((each.received_at for _, each in self.items), default=timezone.now())

    def is_empty(self) -> bool:
        return not (self.items or self.finished or self.begun)

    def deliveries(self) -> set[UUID]:
        return {*self.finished, *self.begun, *(each.delivery_id for _, each in self.items)}

    def in_order(self) -> "Batch":
        self.items.sort(key=lambda item: (item[1].delivery_id, item[1].position))
        return self

    def halves(self) -> tuple["Batch", "Batch"]:
        """Return the items in two batches that finish no delivery, which may have items in both."""
        middle = len(self.items) // 2
        return Batch(items=self.items[:middle]), Batch(items=self.items[middle:])


class Items:
    """A delivery's items, read one by one. `taken`: how many were read; `next`: the next one, None
    after the last.
    """

    def __init__(self, delivery: WebhookDelivery) -> None:
        self.arrivals = arrivals_of(delivery)
        self.taken = 0
        self.next = next(self.arrivals, None)

    def go_past(self) -> None:
        self.next = next(self.arrivals, None)
        self.taken += 1


def batches(deliveries: Iterable[WebhookDelivery]) -> Iterator[Batch]:
    """Yield batches of the next portion of each delivery, each as large as one transaction may
    take.

    A delivery behind one that is not finished yet, for the same number and in the same lane, is
    left out: it must not overtake the rest.
    """
    batch, begun = Batch(), set()
    for delivery in deliveries:
        queue = (delivery.route_hint, delivery.lane)
        if queue in begun:
            continue
        portion = portion_of(delivery)
        if not batch.is_empty() and not batch.has_room_for(portion):
            yield batch.in_order()
            batch = Batch()
        batch.join(portion)
        if portion.begun and delivery.route_hint != NOBODY:
            begun.add(queue)
    if not batch.is_empty():
        yield batch.in_order()


def portion_of(delivery: WebhookDelivery) -> Batch:
    """Return the delivery's items from `recorded_items` on, as many as one transaction may take."""
    items = rest_of(delivery)
    portion = Batch()
    while items.next and not portion.is_portion():
        portion.add(delivery.kind, items.next)
        items.go_past()
    if items.next:
        portion.begun[delivery.id] = items.taken
        keep(delivery.id, items)
    else:
        portion.finished.append(delivery.id)
    return portion


def rest_of(delivery: WebhookDelivery) -> Items:
    items = _rests.pop(delivery.id, None)
    if items is None or items.taken > delivery.recorded_items:
        items = Items(delivery)
    while items.next and items.taken < delivery.recorded_items:
        items.go_past()
    return items


def keep(delivery_id: UUID, items: Items) -> None:
    _rests[delivery_id] = items
    for oldest in list(_rests)[:-KEPT_RESTS]:
        _rests.pop(oldest, None)


def arrivals_of(delivery: WebhookDelivery) -> Iterator[Arrival]:
    for position, event in summed_up(events_of(delivery)):
        yield Arrival(
            delivery_id=delivery.id,
            received_at=delivery.received_at,
            position=position,
            event=event,
        )


def events_of(delivery: WebhookDelivery) -> Iterator[Event]:
    """Yield the events that the provider reads in the delivery. A parser must not raise; one that
    does costs its own delivery, not the pipeline.
    """
    try:
        yield from providers.acting_at(delivery.kind, delivery.address).parse(
            bytes(delivery.body), delivery.address
        )
    except Exception as error:
        logger.error(
            "Delivery %s could not be parsed (%s at %s).",
            delivery.id,
            type(error).__name__,
            origin_of(error),
        )
        yield Rejected(reason=f"{NOT_PARSED} ({type(error).__name__}).")


def keys_of(event: Event) -> list[object]:
    """Return what recording the event locks: its sender, or the template that it changes."""
    match event:
        case ContactEvent():
            return [(event.channel_external_id, *sender) for sender in event.contact_ids]
        case ChannelUpdate(template=template) if template:
            return [(event.account_id, template.name, template.language)]
    return []
