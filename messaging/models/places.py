"""The place of a message in its conversation, and what a batch of messages moves forward there."""

import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from channels_app.events import MessageEvent
from messaging.arrivals import Routed

BEFORE_EVERYTHING = -(2**62)  # history takes places by its time, below all that came live


def sent_at(routed: Routed[MessageEvent]) -> datetime:
    """The provider's time of a message; never later than when it reached us, which is taken where
    there is none.
    """
    arrival = routed.arrival
    return min(arrival.event.sent_at or arrival.received_at, arrival.received_at)


@dataclass(frozen=True, slots=True)
class Place:
    """A message's place in its conversation. `previous_inbound_at`: the newest message that was
    there before this batch; `paused_until`: staff are writing, so nothing is answered by itself;
    `opens`: the message opened the conversation, for the first time or again.
    """

    conversation_id: UUID
    seq: int
    sent_at: datetime
    previous_inbound_at: datetime | None
    paused_until: datetime | None
    opens: bool


@dataclass(slots=True)
class Progress:
    """What a batch moves forward in one conversation; None: nothing."""

    taken: int = 0
    is_opened: bool = False
    reply_to: str = ""
    message_at: datetime | None = None
    inbound_at: datetime | None = None
    window_closes_at: datetime | None = None
    paused_until: datetime | None = None


def place_in_history(at: datetime, position: int) -> int:
    """Return a place by the second the message was written, then by its position in the webhook.

    Twelve bits of chance keep two webhooks' places apart. Where they fail, the unique constraint is
    violated (23505) and the batch is tried again with others.
    """
    second = int(at.timestamp()) << 24
    within_second = (position % 4096) << 12
    chance = random.getrandbits(12)
    return BEFORE_EVERYTHING + (second | within_second | chance)
