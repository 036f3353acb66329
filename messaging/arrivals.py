"""An event on its way in: where it came from and, once known, the channel it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.utils import timezone

from channels_app.events import ContactEvent, Event
from channels_app.models import Channel

NO_DELIVERY = UUID(int=0)  # it came with the answer to a message of ours
AnyEvent = TypeVar("AnyEvent", bound=Event, covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival(Generic[AnyEvent]):
    """`position` is the event's place in its delivery: the same in every parse of the same
    bytes.
    """

    delivery_id: UUID
    received_at: datetime
    position: int
    event: AnyEvent

    def at(self, channel: Channel) -> "Routed[AnyEvent]":
        return Routed(arrival=self, channel=channel)


@dataclass(frozen=True, slots=True)
class Routed(Generic[AnyEvent]):
    """An arrival whose channel, and so whose tenant, is known. `standby_id`: the row of a message
    that was shown to us on standby before it came to us.
    """

    arrival: Arrival[AnyEvent]
    channel: Channel
    standby_id: UUID | None = None


def without_delivery(event: ContactEvent) -> Arrival[ContactEvent]:
    """Return the arrival of an event that no webhook brought."""
    return Arrival(delivery_id=NO_DELIVERY, received_at=timezone.now(), position=0, event=event)
