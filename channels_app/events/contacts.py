"""What a provider tells of the people who write."""

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

Ids = tuple[tuple[str, str], ...]  # (kind, value) of one contact, the most lasting first


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The provider says that a contact's id of this kind has become another."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class ContactEvent(Event):
    """Something that concerns one contact.

    `personal_kinds`: the kinds of id that are one person's alone, the first of them one a person
    under one account; ids of the other kinds are addresses, and addresses change hands.
    """

    contact_ids: Ids
    personal_kinds: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    contact_name: str = ""
    username: str = ""  # a name the contact chose: released and claimed again, so never an id

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
    """Ids of a contact have changed."""

    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Preference(ContactEvent):
    """A contact stopped or resumed the business's marketing."""

    wants_marketing: bool
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AddressBookEntry(ContactEvent):
    """What the business's own address book calls a contact; no `saved_name`: it was taken out."""

    saved_name: str = ""
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.set(saved_name=storable_text(self.saved_name, NAME_LENGTH))
