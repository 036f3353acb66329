"""Magic recipients: how a test channel's recipient behaves says the end of its number. The table of
docs/test-channels.md, as data.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from channels_app.providers.errors import SendError


@dataclass(frozen=True, kw_only=True)
class Report:
    """A status that is reported of a message, with the code and the sentence of a failure."""

    status: str
    code: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the request to send is answered, and what is reported afterwards, in this order.

    `refusal`: None where the message is accepted. `refuses_once`: later attempts are accepted.
    """

    refusal: SendError | None = None
    refuses_once: bool = False
    reports: tuple[Report, ...] = ()

    def refusal_of(self, attempt: int) -> SendError | None:
        """Return the error that this attempt is refused with: a new one, because it is raised."""
        if self.refusal is None or (self.refuses_once and attempt > 1):
            return None
        return replace(self.refusal)


SENT, IS_DELIVERED, READ = (Report(status=each) for each in ("sent", "delivered", "read"))
DELIVERED = Behaviour(reports=(SENT, IS_DELIVERED))
NO_ANSWER = SendError("The test recipient: no answer came.", then="unknown")
ENDINGS = {
    "0001": Behaviour(reports=(SENT, IS_DELIVERED, READ)),
    "0002": Behaviour(
        refusal=SendError(
            "The test recipient: the message is refused.",
            then="failed",
            code="test_refused",
            http_status=400,
        )
    ),
    "0003": Behaviour(
        reports=(
            Report(
                status="failed",
                code="test_undeliverable",
                error="The test recipient: the message cannot be delivered.",
            ),
        )
    ),
    "0004": Behaviour(),
    "0005": Behaviour(refusal=NO_ANSWER, reports=DELIVERED.reports),
    "0006": Behaviour(
        refusal=SendError(
            "The test recipient: the channel is to send more slowly.",
            then="queued",
            code="test_rate_limited",
            http_status=429,
            retry_in=timedelta(seconds=2),
            slows="channel",
        ),
        refuses_once=True,
        reports=DELIVERED.reports,
    ),
    "0007": Behaviour(
        refusal=SendError(
            "The test recipient: the window for free messages has closed.",
            then="failed",
            code="test_window_closed",
            http_status=400,
            closes_window=True,
        )
    ),
    "0008": Behaviour(
        refusal=SendError(
            "The test recipient: the contact wants no marketing.",
            then="failed",
            code="test_opted_out",
            http_status=400,
            opts_out=True,
        )
    ),
    "0009": Behaviour(refusal=NO_ANSWER),
}
# 999, a code in six digits, and the ending of a failure
OF_CHOICE = re.compile("999([0-9]{6})(?:0002|0003)$")


def behaviour_of(recipient: str) -> Behaviour:
    """Return how a recipient behaves; one that the table does not have gets what it is sent."""
    known = ENDINGS.get(recipient[-4:], DELIVERED)
    chosen = OF_CHOICE.search(recipient)
    return failing_with(known, str(int(chosen[1]))) if chosen else known


def failing_with(behaviour: Behaviour, code: str) -> Behaviour:
    """Return a behaviour that fails, with another code."""
    refusal = behaviour.refusal and replace(behaviour.refusal, code=code)
    reports = tuple(replace(each, code=code) for each in behaviour.reports)
    return replace(behaviour, refusal=refusal, reports=reports)
