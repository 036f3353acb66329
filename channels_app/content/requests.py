"""Messages that ask for one thing, with a button that the provider labels."""

from dataclasses import dataclass

from channels_app.content.base import Content, one_line


@dataclass(frozen=True, kw_only=True)
class LocationRequest(Content):
    kind = "interactive"
    body: str

    @property
    def text(self) -> str:
        return self.body


@dataclass(frozen=True, kw_only=True)
class ContactRequest(Content):
    """A request for the recipient's own phone number."""

    kind = "interactive"
    body: str

    @property
    def text(self) -> str:
        return self.body


@dataclass(frozen=True, kw_only=True)
class CallPermissionRequest(Content):
    """A request for permission to call the recipient."""

    kind = "interactive"
    body: str = ""

    @property
    def text(self) -> str:
        return self.body

    @property
    def preview(self) -> str:
        return one_line(self.body, "Call permission request")
