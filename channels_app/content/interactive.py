"""Interactive messages: a body between header and footer, and buttons or rows that the recipient
taps.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from channels_app.content.base import Content, lines, one_line
from channels_app.content.media import Media


@dataclass(frozen=True, kw_only=True)
class Interactive(Content):
    """A message with a body, a footer and choices to tap."""

    kind = "interactive"
    body: str
    footer: str = ""

    @property
    def heading(self) -> str:
        return ""

    @property
    def choices(self) -> Iterable[str]:
        """The labels of the buttons or rows and the titles of sections, one per line."""
        return ()

    @property
    def text(self) -> str:
        return lines(self.heading, self.body, self.footer, *self.choices)

    @property
    def preview(self) -> str:
        return one_line(self.body.strip() or self.text)


@dataclass(frozen=True, kw_only=True)
class Headed(Interactive):
    """An interactive message whose header is a line of text, or media without a caption."""

    header: str | Media = ""

    @property
    def heading(self) -> str:
        return self.header if isinstance(self.header, str) else ""


@dataclass(frozen=True, kw_only=True)
class Titled(Interactive):
    """An interactive message whose header is a line of text."""

    header: str = ""

    @property
    def heading(self) -> str:
        return self.header


@dataclass(frozen=True, kw_only=True)
class Button:
    id: str  # returned in the reply when the button is tapped
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
    id: str  # returned in the reply when the row is chosen
    title: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ListMenu(Titled):
    """A button that opens a list, in which the recipient chooses one row."""

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
