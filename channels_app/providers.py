"""The few verbs a channel's provider answers to, and the register of providers.

A provider registers itself in its AppConfig.ready(); nothing else ever names one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.http import QueryDict

from channels_app.events import Event

if TYPE_CHECKING:
    from channels_app.models import Channel


class Lane(IntEnum):
    """Which queue a webhook waits in: people's messages go before what only reports."""

    MESSAGES = 0
    STATUSES = 1
    OTHER = 2


class UnknownProvider(LookupError):
    """No provider of this kind is registered."""


class InvalidSignature(Exception):
    """A webhook that its provider did not send. `status`: 401 no well-formed signature, 403 a wrong one."""

    def __init__(self, status: int) -> None:
        super().__init__("invalid signature")
        self.status = status


class ChannelNotUsable(Exception):
    """A channel whose check failed; the message is a sentence for the operator."""


class SendError(Exception):
    """The provider did not accept a message; `then` says what becomes of it. The message is a sentence for the operator.

    `then`: "queued" (certainly not sent: try again after `retry_in`), "failed" (never will be), "held" (the channel must be
    repaired first: it takes the status `parks`) or "unknown" (it may have been sent: asking again could send it twice).
    `growth`: how much longer each further try waits; `tries`: after so many more it fails (0: only its time ends them).
    `slows`: whose other messages wait too ("channel", "account" or none). `closes_window`: the window for free messages has
    closed. `http_status`: of the answer, where there was one. `code` and `subcode` are the provider's own.
    """

    def __init__(
        self,
        reason: str,
        *,
        then: str,
        code: str = "",
        subcode: str = "",
        http_status: int | None = None,
        retry_in: timedelta | None = None,
        growth: int = 1,
        tries: int = 0,
        parks: str = "",
        slows: str = "",
        closes_window: bool = False,
    ) -> None:
        super().__init__(reason)
        self.then, self.code, self.subcode, self.http_status = then, code, subcode, http_status
        self.retry_in, self.growth, self.tries = retry_in, growth, tries
        self.parks, self.slows, self.closes_window = parks, slows, closes_window


class MediaError(Exception):
    """A file could not be fetched or handed over; `then` says what becomes of it. The message is a sentence for the operator.

    `then`: "retry" (it may work later, not before `retry_in` where that is said), "failed" (it never will) or "expired" (the
    provider does not have the file any more). `parks`: the channel must be repaired first and takes this status; the file
    itself is then to be tried again. `code` is the provider's own.
    """

    def __init__(self, reason: str, then: str, *, code: str = "", retry_in: timedelta | None = None, parks: str = "") -> None:
        super().__init__(reason)
        self.then, self.code, self.retry_in, self.parks = then, code, retry_in, parks


@dataclass(frozen=True)
class Downloaded:
    """A file that arrived whole: its type as the provider names it, its SHA-256 in hex, its size in bytes."""

    mime_type: str
    sha256: str
    size: int


class Provider(Protocol):
    kind: str
    media_limits: Mapping[str, int]  # the kinds of file that can be sent, and how many bytes one may have

    def answer_challenge(self, query: QueryDict) -> str | None:
        """The text that proves the webhook address is ours; None: refused. ValueError: asked wrongly."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises InvalidSignature unless the provider sent exactly these bytes."""

    def lane_of(self, body: bytes) -> tuple[Lane, str]:
        """How urgent the body is, and a word for whose it is: guesses from its bytes, for scheduling alone. Never raises."""

    def parse(self, body: bytes) -> Iterable[Event]:
        """What the body says, item by item. Pure; never raises for what a body holds."""

    def send_text(self, channel: "Channel", *, to: str, text: str, reference: str) -> str:
        """The accepted message's external id, or raises SendError. `reference` comes back in its status updates."""

    def fetch_media(self, channel: "Channel", external_id: str, into: BinaryIO, *, at_most: int) -> Downloaded:
        """Writes the provider's file, which may have `at_most` bytes, into `into`, or raises MediaError.

        What was written before an error is void. Takes up to a minute for 16 MB, and at most that long for each 16 MB more.
        """

    def upload_media(self, channel: "Channel", file: BinaryIO, *, mime_type: str, filename: str) -> str:
        """The provider's id of the file, which messages can name, or raises MediaError. `file` is read from its beginning."""

    def check(self, channel: "Channel") -> str:
        """A sentence that the channel works, or raises ChannelNotUsable."""


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.kind] = provider


def get(kind: str) -> Provider:
    """The provider of this kind; raises UnknownProvider."""
    try:
        return _providers[kind]
    except KeyError:
        raise UnknownProvider(f"There is no channel of the kind {kind!r}; known: {', '.join(kinds())}.") from None


def kinds() -> list[str]:
    return sorted(_providers)
