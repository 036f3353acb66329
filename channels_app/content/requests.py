"""Messages that ask for one thing, with a button that the provider words itself."""

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
    """Asks for the receiver's own phone number."""

    kind = "interactive"
    body: str

    @property
    def text(self) -> str:
        return self.body


@dataclass(frozen=True, kw_only=True)
class CallPermissionRequest(Content):
    """Asks whether the business may call."""

    kind = "interactive"
    body: str = ""

    @property
    def text(self) -> str:
        return self.body

    @property
    def preview(self) -> str:
        return one_line(self.body, "Call permission request")
