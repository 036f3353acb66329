"""The few verbs a channel's provider answers to, and the register of providers.

A provider registers itself in its AppConfig.ready(); nothing else ever names one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from django.http import QueryDict

from channels_app.content import Content, Template
from channels_app.events import ContactEvent, Event, Ids
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
    `recovers_by`: how a channel that it parks comes back (Channel.Recovery).
    `growth`: how much longer each further try waits; `tries`: after so many more it fails (0: only its time ends them).
    `slows`: whose other messages wait too ("channel", "account" or none). `closes_window`: the window for free messages has
    closed. `opts_out`: the contact wants no marketing. `http_status`: of the answer, where there was one. `code` and `subcode`
    are the provider's own.
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
        recovers_by: str = "",
        slows: str = "",
        closes_window: bool = False,
        opts_out: bool = False,
    ) -> None:
        super().__init__(reason)
        self.then, self.code, self.subcode, self.http_status = then, code, subcode, http_status
        self.retry_in, self.growth, self.tries = retry_in, growth, tries
        self.parks, self.recovers_by, self.slows = parks, recovers_by, slows
        self.closes_window, self.opts_out = closes_window, opts_out

    @property
    def is_passing(self) -> bool:
        """For what may be asked twice: asked later, it may be accepted."""
        return self.then in {"queued", "unknown"}


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """`recipient`: what the provider told of whom the message goes to, where it knows them by another id."""

    external_id: str
    recipient: ContactEvent | None = None


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


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What a provider says of a channel.

    `is_working`: it showed the channel to who has the channel's token. `is_refused`: it refused the token, twice. Neither: what
    it said decides nothing. `faults`: a sentence for each thing to repair, the refusal first; `is_complete`: everything was
    asked; words of the channel's `health`; `token_expires_at`, None: never, or not told.
    """

    is_working: bool = False
    is_refused: bool = False
    is_complete: bool = True
    faults: tuple[str, ...] = ()
    health: Mapping[str, str] = field(default_factory=dict)
    token_expires_at: datetime | None = None


class MediaError(Exception):
    """A file could not be fetched or handed over; `then` says what becomes of it. The message is a sentence for the operator.

    `then`: "retry" (it may work later, not before `retry_in` where that is said), "failed" (it never will) or "expired" (the
    provider does not have the file any more). `parks`: the channel must be repaired first and takes this status, `recovers_by`
    says how it comes back; the file itself is then to be tried again. `code` is the provider's own.
    """

    def __init__(
        self,
        reason: str,
        then: str,
        *,
        code: str = "",
        retry_in: timedelta | None = None,
        parks: str = "",
        recovers_by: str = "",
    ) -> None:
        super().__init__(reason)
        self.then, self.code, self.retry_in = then, code, retry_in
        self.parks, self.recovers_by = parks, recovers_by


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

    def compose(self, content: Content) -> dict[str, Any]:
        """The provider's own form of what is to be said, checked for all that it would refuse; raises Unsendable. Pure."""

    def template_faults(self, template: Template, definition: Mapping[str, Any]) -> list[str]:
        """Why this template, as the provider lists it, cannot be sent so: a sentence a fault. Pure."""

    def template_recipients(self, definition: Mapping[str, Any], ids: Ids) -> Ids:
        """Those of a contact's ids that the template may be addressed to, in their order; raises Unsendable for none. Pure."""

    def send(
        self, channel: "Channel", body: dict[str, Any], *, to: str, reference: str, quoting: str, file_id: str
    ) -> "Accepted":
        """Send what was composed, or raise SendError. `reference` comes back in its status updates; `quoting`: the external
        id of a message that it answers; `file_id`: the provider's id of the stored file that it carries.
        """

    def mark_read(self, channel: "Channel", external_id: str, *, is_answering: bool) -> None:
        """Show the contact that their message was read, and that an answer is being written; raises SendError."""

    def fetch_media(self, channel: "Channel", external_id: str, into: BinaryIO, *, at_most: int) -> Downloaded:
        """Writes the provider's file, which may have `at_most` bytes, into `into`, or raises MediaError.

        What was written before an error is void. Takes up to a minute for 16 MB, and at most that long for each 16 MB more.
        """

    def upload_media(self, channel: "Channel", file: BinaryIO, *, mime_type: str, filename: str) -> str:
        """The provider's id of the file, which messages can name, or raises MediaError. `file` is read from its beginning."""

    def list_templates(self, channel: "Channel") -> list[ListedTemplate]:
        """All the message templates of the channel's account, or raises SendError."""

    def id_faults(self, *, external_id: str, account_id: str) -> Mapping[str, str]:
        """Return which of the two can be no id of the provider's, with a sentence for who typed it. Pure."""

    def check(self, channel: "Channel") -> str:
        """A sentence that the channel works, or raises ChannelNotUsable."""

    def examine(self, channel: "Channel") -> Examination:
        """Everything that can be wrong with a channel that is connected; raises SendError where it cannot be asked now."""

    def leave(self, channel: "Channel", *, is_last: bool, ends_registration: bool) -> None:
        """Have the provider send nothing more of it, or raise SendError; `is_last`: nor of its account."""


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
