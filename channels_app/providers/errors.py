"""How a provider refuses: each error says what becomes of the message, the file or the channel."""

from dataclasses import KW_ONLY, dataclass
from datetime import timedelta


class UnknownProvider(LookupError):
    """No provider of this kind is registered."""


@dataclass(eq=False)
class InvalidSignature(Exception):
    """A webhook that its provider did not send.

    `status`: 401 where no well-formed proof came with it, 403 where a wrong one did.
    """

    status: int


@dataclass(eq=False)
class SendError(Exception):
    """The provider did not accept a message, or anything else it was asked.

    `reason`: a sentence for the operator.
    `then`: what becomes of a message: "queued" (certainly not sent: try again after `retry_in`),
    "failed" (never will be), "held" (the channel must be repaired first: it takes the status
    `parks`) or "unknown" (it may have been sent: asking again could send it twice).
    `code` and `subcode` are the provider's own, `http_status` is of its answer, if there was one.
    `growth`: how much longer each further try waits. `tries`: after so many more it fails; 0: only
    its time ends them.
    `recovers_by`: how a channel that it parks comes back (Channel.Recovery).
    `slows`: whose other messages wait too: "channel", "account" or none.
    `closes_window`: the window for free messages has closed. `opts_out`: the contact wants no
    marketing. `is_anothers`: another responder has the thread.
    """

    reason: str
    _: KW_ONLY
    then: str
    code: str = ""
    subcode: str = ""
    http_status: int | None = None
    retry_in: timedelta | None = None
    growth: int = 1
    tries: int = 0
    parks: str = ""
    recovers_by: str = ""
    slows: str = ""
    closes_window: bool = False
    opts_out: bool = False
    is_anothers: bool = False

    def __str__(self) -> str:
        return self.reason

    @property
    def is_passing(self) -> bool:
        """Whether the same may be accepted later, where it may be asked twice."""
        return self.then in {"queued", "unknown"}


@dataclass(eq=False)
class MediaError(Exception):
    """A file could not be fetched or handed over.

    `reason`: a sentence for the operator.
    `then`: what becomes of the file: "retry" (it may work later, not before `retry_in` where that
    is said), "failed" (it never will) or "expired" (the provider does not have it any more).
    `parks`: the channel must be repaired first and takes this status, `recovers_by` says how it
    comes back; the file itself is then to be tried again. `code` is the provider's own.
    """

    reason: str
    then: str
    _: KW_ONLY
    code: str = ""
    retry_in: timedelta | None = None
    parks: str = ""
    recovers_by: str = ""

    def __str__(self) -> str:
        return self.reason
