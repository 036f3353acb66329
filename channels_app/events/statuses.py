"""Delivery statuses of messages that we sent."""

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
    """A status of a message that we sent."""

    external_id: str
    status: str  # sent, delivered, read, played, failed; any other word is kept and changes nothing
    reference: str = ""  # ours, as the provider returns it; untrusted (messaging/references.py)
    recipient_ids: Ids = ()
    participant: str = ""  # the group member that the status is about
    pricing: Mapping[str, Any] | None = None  # the charge, in the provider's format
    conversation_origin: str = ""  # how the conversation that is charged was opened
    error_code: str = ""
    error: str = ""
    # the message failed because the provider's window for free messages has closed
    closes_window: bool = False
    opts_out: bool = False  # the message failed because the contact wants no marketing
    is_anothers: bool = False  # the message failed because another responder has the thread
    # the message failed because the channel must be repaired: the channel's new status
    parks: str = ""
    recovers_by: str = ""  # how such a channel comes back
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
