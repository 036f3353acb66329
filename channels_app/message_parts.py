"""The parts of a stored message as both sides saw it: a place, cards, buttons, lists. It knows no
provider.

What a stranger chose is as it came: whoever shows it escapes it, and makes no link of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Place:
    """A point on the map. `latitude` and `longitude` are degrees within their bounds, or both are
    None: then nothing but words is known of it.
    """

    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """A person or a company of an address book. `lines`: numbers and addresses, as they came."""

    name: str = ""
    company: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A button, or a row of a list. `id` comes back with the answer of whoever chooses it."""

    title: str
    description: str = ""
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    choices: tuple[Choice, ...] = ()
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Slide:
    """A card of a carousel. `file`: the kind of file above it."""

    body: str = ""
    file: str = ""
    buttons: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageParts:
    """All empty: the message has no parts, and its text says everything.

    `menu`: the label of the button that opens the list of `sections`. `chosen`: what its author
    chose of an earlier message. `template`: the name of the template that it is made of.
    """

    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: tuple[Choice, ...] = ()
    menu: str = ""
    sections: tuple[Section, ...] = ()
    slides: tuple[Slide, ...] = ()
    place: Place | None = None
    cards: tuple[Card, ...] = ()
    chosen: Choice | None = None
    template: str = ""

    @property
    def says_all(self) -> bool:
        """Whether the parts hold the words of the message, so that its text would repeat them."""
        has_words = self.header or self.body or self.slides
        return bool(has_words or self.place or self.cards or self.chosen)
