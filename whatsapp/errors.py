"""What a Graph error means for the message: its code decides, never its title (both as Meta documents them in 2026)."""

from datetime import timedelta

from channels_app.providers import SendError

CHANNEL = {0, 3, 10, 33, 190, 131005, 131037, 368, 131031, 131042, 131045, 133010, *range(200, 300)}
LATER = {
    1: 1, 2: 1, 131000: 1, 131016: 1, 133004: 1, 135000: 1,
    4: 300, 80007: 300, 131064: 3600,
    130429: 5, 131056: 4, 131048: 3600,
    131057: 60, 2494100: 60,
}  # fmt: skip


def refusal(code: int, http_status: int, title: str, retry_after: timedelta | None) -> SendError:
    """What becomes of a message that the Graph API answered with a 4xx and this error code."""
    reason = f"{title} (Graph error {code})" if title else f"Graph error {code}"
    if code in CHANNEL or http_status == 401:
        return SendError(reason, then="held", code=str(code))
    if code in LATER or http_status == 429:
        return SendError(reason, then="queued", code=str(code), retry_in=retry_after or timedelta(seconds=LATER.get(code, 5)))
    return SendError(reason, then="failed", code=str(code))
