"""What a Graph error means for the message: its code decides, never its title (both as Meta documents them in 2026)."""

from datetime import timedelta

from channels_app.providers import SendError

CHANNEL = {0, 3, 10, 33, 190, 131005, 131037, 368, 131031, 131042, 131045, 133010, *range(200, 300)}
WINDOW_CLOSED = 131047
LATER = {  # code: (seconds before the next try, how much longer each further one waits)
    1: (1, 5), 2: (1, 5), 131000: (1, 5), 131016: (1, 5), 133004: (1, 5), 135000: (1, 5),
    4: (300, 2), 80007: (300, 2), 131064: (3600, 1),
    130429: (5, 2), 131056: (4, 4), 131048: (3600, 1),
    131057: (60, 2), 2494100: (60, 2),
}  # fmt: skip
TOO_MANY = (5, 2)  # HTTP 429 with any other code


def refusal(code: int, http_status: int, title: str, retry_after: timedelta | None) -> SendError:
    """What becomes of a message that the Graph API answered with a 4xx and this error code."""
    reason = f"{title} (Graph error {code})" if title else f"Graph error {code}"
    if code in CHANNEL or http_status == 401:
        return SendError(reason, then="held", code=str(code))
    if retry_after is not None and (code in LATER or http_status == 429):
        return SendError(reason, then="queued", code=str(code), retry_in=retry_after)
    if code in LATER or http_status == 429:
        seconds, growth = LATER.get(code, TOO_MANY)
        return SendError(reason, then="queued", code=str(code), retry_in=timedelta(seconds=seconds), growth=growth)
    return SendError(reason, then="failed", code=str(code), closes_window=code == WINDOW_CLOSED)
