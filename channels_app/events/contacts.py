"""Updates about contacts: their ids, preferences and names."""

from dataclasses import dataclass
from datetime import datetime

from channels_app.events.base import Event
from channels_app.storable import (
    NAME_LENGTH,
    Unstorable,
    storable_id,
    storable_json,
    storable_text,
    storable_words,
)

Ids = tuple[tuple[str, str], ...]  # (kind, value) pairs of one contact, the most lasting id first


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The replacement of a contact's id of one kind, as the provider reports it."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class ContactEvent(Event):
    """An event that concerns one contact.

    `personal_kinds`: the kinds of id that identify one person; of the first kind, a person has one
    id under each account. Ids of other kinds are addresses, which may change hands.
    """

    contact_ids: Ids
    personal_kinds: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    contact_name: str = ""
    username: str = ""  # chosen by the contact; others may claim it later, so it is never an id

    def __post_init__(self) -> None:
        if not self.contact_ids:
            raise Unstorable("The item names no contact.")
        given = [
            *(value for _, value in self.contact_ids),
            *(id for each in self.replacements for id in (each.old, each.new)),
        ]
        for value in (self.channel_external_id, *given):
            storable_id(value)
        super().__post_init__()
        self.set(
            contact_name=storable_text(self.contact_name, NAME_LENGTH),
            username=storable_words(self.username, NAME_LENGTH),
            raw=storable_json(self.raw),
        )


@dataclass(frozen=True, kw_only=True)
class IdentityChange(ContactEvent):
    """A change of a contact's ids."""

    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Preference(ContactEvent):
    """A contact's decision to stop or resume marketing messages of the business."""

    wants_marketing: bool
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AddressBookEntry(ContactEvent):
    """An entry of the business's address book; empty `saved_name`: the contact was removed."""

    saved_name: str = ""
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.set(saved_name=storable_text(self.saved_name, NAME_LENGTH))
