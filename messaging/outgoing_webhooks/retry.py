"""When a failed request is repeated, and how long its whole endpoint rests meanwhile."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MINUTE, HOUR = 60, 3600
# after the first try, the second, ...: Standard Webhooks' schedule, over 75 hours
SCHEDULE = (5, 5 * MINUTE, 30 * MINUTE, *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)))
WHOLE_SCHEDULE = sum(SCHEDULE)
SLOWING = {429, 502, 503, 504}  # not now, says the endpoint or what stands before it
SHORTEST_REST, LONGEST_REST = 5, 5 * MINUTE
LONGEST_ASKED_FOR = HOUR  # by Retry-After
# events in a row that fail until it is the endpoint that does
DOWN_AFTER, DOWN_AFTER_TIME_OUTS = 5, 2


def seconds_until_retry(tries: int) -> float | None:
    """Return the seconds from the last of so many tries to the next one; None: it was the last."""
    return float(SCHEDULE[tries - 1]) if tries <= len(SCHEDULE) else None


def rest_after(
    failures: int, *, status: int | None, timed_out: bool, retry_after: float | None
) -> float:
    """Return for how many seconds an endpoint gets nothing after a failure, when so many events
    have failed in a row.

    One that asks for less rests longer each time, or as Retry-After says, up to an hour. Any other
    rests once it has failed, or has not answered, again and again.
    """
    if status in SLOWING:
        return growing(failures) if retry_after is None else honoured(retry_after)
    from_then_on = DOWN_AFTER_TIME_OUTS if timed_out else DOWN_AFTER
    return growing(failures - from_then_on + 1) if failures >= from_then_on else 0.0


def honoured(asked_for: float) -> float:
    return min(max(asked_for, 1.0), LONGEST_ASKED_FOR)


def growing(times: int) -> float:
    """Return a rest that doubles each time, up to five minutes."""
    return min(SHORTEST_REST * 2.0 ** min(times - 1, 10), LONGEST_REST)


def asked_for(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or as a date; None if it
    asks for nothing that can be understood.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
