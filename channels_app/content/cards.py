"""Contact cards: people and companies to save in an address book. A `label` is a word such as
"home" or "work".
"""

from dataclasses import dataclass
from datetime import date

from channels_app.content.base import Content, lines, one_line


@dataclass(frozen=True, kw_only=True)
class CardName:
    """A name: `formatted` is the whole name as shown, the other fields are its parts."""

    formatted: str
    first: str = ""
    middle: str = ""
    last: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, kw_only=True)
class CardPhone:
    number: str
    label: str = ""
    # the provider's id of the number's owner: lets the recipient write to them from the card
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class CardEmail:
    address: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class CardUrl:
    url: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class CardAddress:
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class CardCompany:
    name: str = ""
    department: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactCard:
    name: CardName
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[CardEmail, ...] = ()
    addresses: tuple[CardAddress, ...] = ()
    urls: tuple[CardUrl, ...] = ()
    company: CardCompany | None = None
    birthday: date | None = None

    @property
    def text(self) -> str:
        return lines(
            self.name.formatted,
            *(phone.number for phone in self.phones),
            *(each.address for each in self.emails),
        )


@dataclass(frozen=True, kw_only=True)
class ContactCards(Content):
    kind = "contacts"
    cards: tuple[ContactCard, ...]

    @property
    def text(self) -> str:
        return lines(*(card.text for card in self.cards))

    @property
    def preview(self) -> str:
        names = ", ".join(card.name.formatted for card in self.cards)
        return one_line(names, "Contact" if len(self.cards) == 1 else "Contacts")
