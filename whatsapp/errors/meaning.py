"""What an error of Graph's means for a message and its channel."""

from dataclasses import dataclass

NEEDS_REAUTH, RESTRICTED = "needs_reauth", "restricted"
# how a parked channel comes back: the token works again, or a message is accepted
CHECK, PROBE = "check", "probe"
CHANNEL, ACCOUNT = "channel", "account"
HOUR = 3600

Code = int | tuple[int, int]  # a code whatever its subcode, or (code, subcode)


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """`then`: queued (tried again after `wait` seconds, `growth` times longer each time), held (the
    channel is parked as `parks`, and comes back as `recovers_by` says) or failed. `slows`: whose
    other messages wait as well. `closes_window`: the customer service window has closed.
    `opts_out`: the person wants no marketing. `is_anothers`: another responder has the thread.
    """

    advice: str
    then: str = "failed"
    wait: float = 0
    growth: int = 1
    tries: int = 0
    parks: str = ""
    recovers_by: str = ""
    slows: str = ""
    closes_window: bool = False
    opts_out: bool = False
    is_anothers: bool = False


def fail(advice: str) -> Meaning:
    return Meaning(advice=advice)


def later(advice: str, wait: float, growth: int = 1, slows: str = "") -> Meaning:
    return Meaning(advice=advice, then="queued", wait=wait, growth=growth, slows=slows)


def park(advice: str, status: str = NEEDS_REAUTH, recovers_by: str = PROBE) -> Meaning:
    return Meaning(advice=advice, then="held", parks=status, recovers_by=recovers_by)
