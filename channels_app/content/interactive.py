"""Messages that the receiver answers with a tap: a text between header and footer, and something to
choose from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from channels_app.content.base import Content, lines, one_line
from channels_app.content.media import Media


@dataclass(frozen=True, kw_only=True)
class Interactive(Content):
    """A text, a small footer, and below them what to tap."""

    kind = "interactive"
    body: str
    footer: str = ""

    @property
    def heading(self) -> str:
        return ""

    @property
    def choices(self) -> Iterable[str]:
        """What there is to tap, a line each."""
        return ()

    @property
    def text(self) -> str:
        return lines(self.heading, self.body, self.footer, *self.choices)

    @property
    def preview(self) -> str:
        return one_line(self.body.strip() or self.text)


@dataclass(frozen=True, kw_only=True)
class Headed(Interactive):
    """Its header is a line of text, or media without a caption."""

    header: str | Media = ""

    @property
    def heading(self) -> str:
        return self.header if isinstance(self.header, str) else ""


@dataclass(frozen=True, kw_only=True)
class Titled(Interactive):
    """Its header is a line of text."""

    header: str = ""

    @property
    def heading(self) -> str:
        return self.header


@dataclass(frozen=True, kw_only=True)
class Button:
    id: str  # comes back when it is tapped
    title: str


@dataclass(frozen=True, kw_only=True)
class Buttons(Headed):
    buttons: tuple[Button, ...]

    @property
    def choices(self) -> Iterable[str]:
        return (button.title for button in self.buttons)


@dataclass(frozen=True, kw_only=True)
class LinkButton(Headed):
    title: str
    url: str

    @property
    def choices(self) -> Iterable[str]:
        return (f"{self.title}: {self.url}",)


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str  # comes back when it is chosen
    title: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ListMenu(Titled):
    """A button that opens a list to choose one row of."""

    button: str
    sections: tuple[Section, ...]

    @property
    def choices(self) -> Iterable[str]:
        yield self.button
        for section in self.sections:
            yield section.title
            yield from (
                f"{row.title}: {row.description}" if row.description else row.title
                for row in section.rows
            )
