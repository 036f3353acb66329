"""What became of messages that we sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_app.events.base import Event
from channels_app.events.contacts import Ids
from channels_app.storable import (
    ID_BYTES,
    KIND_LENGTH,
    storable_id,
    storable_json,
    storable_text,
    storable_words,
)


@dataclass(frozen=True, kw_only=True)
class StatusUpdate(Event):
    """What became of a message that we sent."""

    external_id: str
    status: str  # sent, delivered, read, played, failed; any other word is kept and changes nothing
    reference: str = ""  # what we gave the provider with the message; data, not authority
    recipient_ids: Ids = ()
    participant: str = ""  # the group member it speaks of
    pricing: Mapping[str, Any] | None = None  # what the provider charges, in its words
    conversation_origin: str = ""  # what opened the conversation that is charged for
    error_code: str = ""
    error: str = ""
    # it failed because the provider's window for free messages has closed
    closes_window: bool = False
    opts_out: bool = False  # it failed because the contact wants no marketing
    # it failed because the channel must be repaired: the status that the channel takes
    parks: str = ""
    recovers_by: str = ""  # how the channel comes back then
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        storable_id(self.external_id)
        storable_id(self.channel_external_id)
        storable_id(self.status)
        super().__post_init__()
        self.set(
            status=storable_words(self.status, KIND_LENGTH),
            reference=storable_text(self.reference, ID_BYTES),
            participant=storable_words(self.participant),
            recipient_ids=tuple((kind, storable_json(value)) for kind, value in self.recipient_ids),
            pricing=storable_json(self.pricing),
            conversation_origin=storable_words(self.conversation_origin, KIND_LENGTH),
            error_code=storable_text(self.error_code, KIND_LENGTH),
            error=storable_text(self.error, ID_BYTES),
            raw=storable_json(self.raw),
        )
