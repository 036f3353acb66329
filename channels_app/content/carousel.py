"""A carousel: cards to swipe through, each with media, a text, and reply buttons or a link."""

from collections.abc import Iterable
from dataclasses import dataclass

from channels_app.content.base import Content, lines, one_line
from channels_app.content.interactive import Button
from channels_app.content.media import Media


@dataclass(frozen=True, kw_only=True)
class CardLink:
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card with reply buttons or a link, the same kind and number on all cards of a carousel."""

    media: Media
    body: str = ""
    buttons: tuple[Button, ...] = ()
    link: CardLink | None = None

    @property
    def text(self) -> str:
        link: Iterable[str] = (f"{self.link.title}: {self.link.url}",) if self.link else ()
        return lines(self.body, *(button.title for button in self.buttons), *link)


@dataclass(frozen=True, kw_only=True)
class Carousel(Content):
    kind = "interactive"
    body: str
    cards: tuple[Card, ...]

    @property
    def text(self) -> str:
        return lines(self.body, *(card.text for card in self.cards))

    @property
    def preview(self) -> str:
        return one_line(self.body)
