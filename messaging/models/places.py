"""The place of a message in its conversation, and what a batch of messages moves forward there."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from channels_app.events import MessageEvent, StandbyMessage, ThreadNotice, ThreadOwner
from messaging.arrivals import Routed
from messaging.models.thread_owner import Ownership
from tenants.models import TenantModel

MOVED = (
    *("taken", "is_open", "reply_to", "message_at", "inbound_at"),
    *("window_closes_at", "paused_until", "is_taken"),
)
BEFORE_EVERYTHING = -(2**62)  # history takes places by its time, below all that came live


def sent_at(routed: Routed[MessageEvent]) -> datetime:
    """The provider's time of a message; never later than when it reached us, which is taken where
    there is none.
    """
    arrival = routed.arrival
    return min(arrival.event.sent_at or arrival.received_at, arrival.received_at)


def is_opening(routed: Routed[MessageEvent]) -> bool:
    """Return whether a message opens its conversation: not what goes to another responder, nor
    what happened beside the messages, unless it gives the thread to us.
    """
    event = routed.arrival.event
    if isinstance(event, ThreadNotice):
        return event.owner == ThreadOwner.US
    return not isinstance(event, StandbyMessage)


@dataclass(frozen=True, slots=True)
class Place:
    """A message's place in its conversation. `previous_inbound_at`: the newest message that was
    there before this batch; `paused_until`: people answer, so nothing is answered by itself;
    `waits`: none of them has begun to, as far as is known; `is_taken`: who wrote the message took
    the conversation, which had waited for them; `opens`: the message opened the conversation, for
    the first time or again. `ownership`: what is known of the thread's owner
    after the whole batch, where several responders share the channel.
    """

    conversation_id: UUID
    seq: int
    sent_at: datetime
    previous_inbound_at: datetime | None
    paused_until: datetime | None
    opens: bool
    waits: bool
    is_taken: bool
    ownership: Ownership | None


@dataclass(slots=True)
class Progress:
    """What a batch moves forward in one conversation; None: nothing."""

    ownership: Ownership | None
    taken: int = 0
    is_opened: bool = False
    is_open: bool = False
    reply_to: str = ""
    message_at: datetime | None = None
    inbound_at: datetime | None = None
    window_closes_at: datetime | None = None
    paused_until: datetime | None = None
    is_taken: bool = False

    def columns(self) -> dict[str, Any]:
        """Return what conversations/advance_conversations.sql takes of it."""
        own = {name: getattr(self, name) for name in MOVED}
        return own | (self.ownership or Ownership()).columns()

    def open_window(self, until: datetime | None) -> None:
        """Let us write until this moment, unless we may for longer already."""
        if until and (self.window_closes_at is None or until > self.window_closes_at):
            self.window_closes_at = until

    def staff_write(self, at: datetime, *, minutes: int) -> None:
        """Leave the answers to staff, who have written in the provider's app, for so long."""
        if minutes:
            self.paused_until = max(self.paused_until or at, at + timedelta(minutes=minutes))


def place_in_history(at: datetime, position: int) -> int:
    """Return a place by the second the message was written, then by its position in the webhook.

    Twelve bits of chance keep two webhooks' places apart. Where they fail, the unique constraint is
    violated (23505) and the batch is tried again with others.
    """
    second = int(at.timestamp()) << 24
    within_second = (position % 4096) << 12
    chance = random.getrandbits(12)
    return BEFORE_EVERYTHING + (second | within_second | chance)


def shared_threads(rows: Iterable[TenantModel], places: Iterable[Place]) -> dict[UUID, UUID]:
    """Return the conversations of these rows' places on shared channels, each with its tenant."""
    return {
        place.conversation_id: row.tenant_id
        for row, place in zip(rows, places, strict=True)
        if place.ownership
    }
