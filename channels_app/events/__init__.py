"""Webhook items as events that are independent of any provider: frozen dataclasses whose values
PostgreSQL can store.

A provider's parser creates them. Creating one raises Unstorable if the item cannot be stored; the
parser yields a Rejected in its place.
"""

from channels_app.events.base import Event, Rejected
from channels_app.events.channels import ChannelUpdate, TemplateChange
from channels_app.events.contacts import (
    AddressBookEntry,
    ContactEvent,
    IdentityChange,
    Ids,
    Preference,
    Replacement,
)
from channels_app.events.messages import (
    NOTE_LENGTH,
    Attachment,
    Echo,
    HistoryMessage,
    InboundMessage,
    MessageEvent,
    StandbyMessage,
    ThreadNotice,
)
from channels_app.events.owners import OwnerSource, ThreadOwner
from channels_app.events.statuses import StatusUpdate

__all__ = [
    "NOTE_LENGTH",
    "AddressBookEntry",
    "Attachment",
    "ChannelUpdate",
    "ContactEvent",
    "Echo",
    "Event",
    "HistoryMessage",
    "IdentityChange",
    "Ids",
    "InboundMessage",
    "MessageEvent",
    "OwnerSource",
    "Preference",
    "Rejected",
    "Replacement",
    "StandbyMessage",
    "StatusUpdate",
    "TemplateChange",
    "ThreadNotice",
    "ThreadOwner",
]
