"""What a provider tells us, in our own words. Frozen, and storable: what PostgreSQL would refuse
never leaves these files.

A provider's parser builds these; building one raises Unstorable where the item cannot be kept, and
the parser yields a Rejected in its place.
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
    Attachment,
    Echo,
    HistoryMessage,
    InboundMessage,
    MessageEvent,
)
from channels_app.events.statuses import StatusUpdate

__all__ = [
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
    "Preference",
    "Rejected",
    "Replacement",
    "StatusUpdate",
    "TemplateChange",
]
