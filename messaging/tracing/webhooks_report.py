"""What came around a moment as lines of text, with what to do next."""

from collections.abc import Iterator

from messaging.models import DeadLetter
from messaging.tracing.webhooks import LOOKED_AT, Around, Came
from messaging.tracing.wording import MARGIN, in_one_line, moment

NO_WORKER = "manage.py status tells whether a worker runs: if none does, start one."
GIVES_UP = "The worker's log names the delivery and why it fails; it is tried again by itself."
CONNECT = "Connect the number {number}: what waits for it is then processed by itself."
REPLAY = "Mend what the reason says, then: manage.py replay_deliveries {id}"
NOT_KEPT = "Webhooks of that time are not kept any more, or none had come yet."
NOTHING_CAME = "Nothing came from anybody: docs/troubleshooting.md, “No message comes in”."
OTHERS_CAME = (
    "Others came, so the address is right. manage.py check_channels tells whether the number's"
    " account passes its messages on; ask also which number they wrote to."
)
REFUSED = (
    "A webhook that was refused is not kept, and its provider sends it again: the log of web says"
    " “was refused” or “could not be stored”."
)
ALL_RECORDED = (
    "What they told is recorded: messages, or statuses of messages. Webhook deliveries in /admin/"
    " shows each of them."
)


def lines_around(around: Around, *, is_known: bool) -> Iterator[str]:
    """Yield the webhooks that are not recorded whole; where none names what was typed, what to look
    at. `is_known`: messages of it were found.
    """
    at_least = "at least " if around.total == LOOKED_AT else ""
    yield (
        f"Webhooks between {moment(around.since)} and {moment(around.until)}:"
        f" {at_least}{around.total}; {around.named} of them name it."
    )
    for came in around.open:
        yield from lines_of(came)
    if around.named and not around.open and not is_known:
        yield f"{MARGIN}next: {ALL_RECORDED}"
    if not around.named:
        for step in steps_of_silence(around):
            yield f"{MARGIN}next: {step}"


def lines_of(came: Came) -> Iterator[str]:
    said, step = state_of(came)
    yield f"  {moment(came.at)} {in_one_line(said)}"
    yield f"{MARGIN}next: {in_one_line(step.format(id=came.id, number=came.number))}"
    yield f"{MARGIN}delivery {came.id}"


def state_of(came: Came) -> tuple[str, str]:
    """Return what became of it, and the next step."""
    if not came.is_processed and came.attempts > 1:
        return f"stored, and not recorded in {came.attempts} attempts", GIVES_UP
    if not came.is_processed:
        return "stored, not yet recorded", NO_WORKER
    is_waiting = came.cause == DeadLetter.Cause.UNROUTABLE
    return f"set aside ({came.cause}): {came.reason}", CONNECT if is_waiting else REPLAY


def steps_of_silence(around: Around) -> Iterator[str]:
    if around.total:
        yield OTHERS_CAME
    elif around.kept_since is None or around.kept_since > around.until:
        yield NOT_KEPT
    else:
        yield NOTHING_CAME
    yield REFUSED
