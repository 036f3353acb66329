"""The few verbs a channel's provider answers to, and the register of providers.

A provider registers itself in its AppConfig.ready(); nothing else ever names one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.http import QueryDict

from channels_app.events import Event
from channels_app.storable import storable_id, storable_json

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
    closed. `opts_out`: the contact wants no marketing. `http_status`: of the answer, where there was one.
    """

    def __init__(
        self,
        reason: str,
        *,
        then: str,
        code: str = "",
        http_status: int | None = None,
        retry_in: timedelta | None = None,
        growth: int = 1,
        tries: int = 0,
        parks: str = "",
        slows: str = "",
        closes_window: bool = False,
        opts_out: bool = False,
    ) -> None:
        super().__init__(reason)
        self.then, self.code, self.http_status = then, code, http_status
        self.retry_in, self.growth, self.tries = retry_in, growth, tries
        self.parks, self.slows, self.closes_window, self.opts_out = parks, slows, closes_window, opts_out


@dataclass(frozen=True, kw_only=True)
class ListedTemplate:
    """A message template as its provider lists it. `components`: its parts, each with its `type`, as the provider builds them.

    Building one raises Unstorable where it cannot be kept.
    """

    external_id: str
    name: str
    language: str
    category: str = ""
    status: str = ""
    quality: str = ""
    rejected_reason: str = ""
    parameter_format: str = ""
    components: list[dict[str, Any]]

    def __post_init__(self) -> None:
        for value in (self.external_id, self.name, self.language):
            storable_id(value)
        object.__setattr__(self, "components", storable_json(self.components))


class Provider(Protocol):
    kind: str

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
