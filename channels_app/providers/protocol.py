"""The verbs that every channel's provider answers to. Those that only some offer: optional.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

from channels_app.content import Content
from channels_app.events import Event
from channels_app.results import Accepted, HealthReport

if TYPE_CHECKING:
    # a provider registers itself before models may be imported
    from channels_app.models import Channel


class Lane(IntEnum):
    """Which queue a webhook waits in: people's messages go before what only reports."""

    MESSAGES = 0
    STATUSES = 1
    OTHER = 2


@dataclass(frozen=True, kw_only=True)
class Window:
    """How long after a contact's own message the business may write to them freely.

    `open_to`: the kinds of content (Content.kind) that may be sent while it is closed, too.
    `advice`: a sentence for whoever tries to send something else then.
    """

    lasts: timedelta
    open_to: frozenset[str] = frozenset()
    advice: str


class Provider(Protocol):
    """What of a provider is always needed.

    `kind`: lower-case letters and underscores, at most 20. `window`: None where a contact who wrote
    once may be written to at any time. `has_addresses`: each channel's webhooks come to an address
    of its own, /api/webhooks/KIND/ADDRESS, because the body does not name the channel.
    `reports_delivery`: statuses say what becomes of an accepted message; without them it stays
    accepted. `settles_unknown`: they bring the `reference` of `send` back, and so tell of a message
    whose request had no answer; without them only a person can find out.

    The external id of a message is unique within its channel. A provider whose ids are unique
    within a chat alone joins both.
    """

    kind: str
    window: Window | None
    has_addresses: bool
    reports_delivery: bool
    settles_unknown: bool

    def verify(self, body: bytes, headers: Mapping[str, str], address: str) -> None:
        """Raises InvalidSignature unless the provider sent exactly these bytes to this address.

        Proven by a signature, or by a secret in a header. `address` is empty where the provider
        has none.
        """

    def lane_of(self, body: bytes, address: str) -> tuple[Lane, str]:
        """Return how urgent the body is, and a word for whose it is.

        Both are guesses from its bytes, for scheduling alone. Never raises.
        """

    def parse(self, body: bytes, address: str) -> Iterable[Event]:
        """Return what the body says, item by item. Pure; never raises for what a body holds."""

    def compose(self, content: Content) -> dict[str, Any]:
        """Return the provider's own form of what is to be said, checked for all it would refuse.

        Raises Unsendable, also for what the provider has no form of: a sentence for each fault, or
        a Fault, which also says where in the content it is. Pure.
        """

    def send(
        self,
        channel: "Channel",
        body: dict[str, Any],
        *,
        to: str,
        reference: str,
        quoting: str,
        file_id: str,
    ) -> Accepted:
        """Send what was composed, or raise SendError.

        `reference` comes back in status updates where `settles_unknown`, and ends in the number of
        the attempt; `quoting`: the external id of a message that it answers; `file_id`: the
        provider's id of the file that it carries.
        """

    def health_check(self, channel: "Channel") -> HealthReport:
        """Return whether the channel works, and everything that is to be repaired.

        Raises SendError where the provider cannot be asked now.
        """

    def id_faults(self, *, external_id: str, account_id: str) -> Mapping[str, str]:
        """Return which of the two can be no id of the provider's, with a sentence each. Pure."""
