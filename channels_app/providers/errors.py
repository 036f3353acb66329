"""How a provider refuses: each error says what becomes of the message, the file or the channel."""

from datetime import timedelta


class UnknownProvider(LookupError):
    """No provider of this kind is registered."""


class InvalidSignature(Exception):
    """A webhook that its provider did not send. `status`: 401 no well-formed signature, 403 a wrong
    one.
    """

    def __init__(self, status: int) -> None:
        super().__init__("invalid signature")
        self.status = status


class ChannelNotUsable(Exception):
    """A channel whose check failed; the message is a sentence for the operator."""


class SendError(Exception):
    """The provider did not accept a message; `then` says what becomes of it. The message is a
    sentence for the operator.

    `then`: "queued" (certainly not sent: try again after `retry_in`), "failed" (never will be),
    "held" (the channel must be repaired first: it takes the status `parks`) or "unknown" (it may
    have been sent: asking again could send it twice). `recovers_by`: how a channel that it parks
    comes back (Channel.Recovery). `growth`: how much longer each further try waits; `tries`: after
    so many more it fails (0: only its time ends them). `slows`: whose other messages wait too
    ("channel", "account" or none). `closes_window`: the window for free messages has closed.
    `opts_out`: the contact wants no marketing. `http_status`: of the answer, where there was one.
    `code` and `subcode` are the provider's own.
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


class MediaError(Exception):
    """A file could not be fetched or handed over; `then` says what becomes of it. The message is a
    sentence for the operator.

    `then`: "retry" (it may work later, not before `retry_in` where that is said), "failed" (it
    never will) or "expired" (the provider does not have the file any more). `parks`: the channel
    must be repaired first and takes this status, `recovers_by` says how it comes back; the file
    itself is then to be tried again. `code` is the provider's own.
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
