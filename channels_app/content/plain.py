"""Plain messages: a text, a location, a reaction."""

from dataclasses import dataclass

from channels_app.content.base import Content, lines, one_line


@dataclass(frozen=True, kw_only=True)
class Text(Content):
    kind = "text"
    body: str
    previews_links: bool | None = None  # None: the provider's default

    @property
    def text(self) -> str:
        return self.body


@dataclass(frozen=True, kw_only=True)
class Location(Content):
    kind = "location"
    latitude: float  # degrees
    longitude: float
    name: str = ""
    address: str = ""

    @property
    def text(self) -> str:
        return lines(self.name, self.address) or f"{self.latitude}, {self.longitude}"

    @property
    def preview(self) -> str:
        return one_line(self.name.strip() or self.text, "Location")


@dataclass(frozen=True, kw_only=True)
class Reaction(Content):
    """An emoji on a message of the conversation; an empty one removes our reaction."""

    kind = "reaction"
    message_external_id: str
    emoji: str

    @property
    def text(self) -> str:
        return self.emoji

    @property
    def preview(self) -> str:
        return one_line(self.emoji, "Reaction") if self.emoji else "Reaction removed"
