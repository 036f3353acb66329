"""The pages of a connect link that opens nothing: each says what to do, and nothing of the
tenant.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.models import ConnectLink

ASK = "ask whoever gave you the link for a new one."


@dataclass(frozen=True, slots=True)
class End:
    status: int
    title: str
    words: str


UNKNOWN = End(
    404,
    "This link does not work",
    "Its end may be missing: open it once more, whole, as it was given to you. If that does not"
    f" help: {ASK}",
)
USED = End(
    410,
    "This link was used already",
    f"A number was connected with it, and nothing is left to do. To connect another one: {ASK}",
)
OVER = End(410, "This link does not work any more", f"To connect a number: {ASK}")
UNOPENED = End(
    403,
    "Open your link once more",
    "This page is there only in a browser in which the link was opened. Open the link that was"
    " given to you; cookies of this site must be allowed.",
)
STALE = End(
    403,
    "That took too long",
    "More than ten minutes have passed, or it was begun in another browser, and Meta's answer was"
    " not taken. Nothing was connected.",
)
OFTEN = End(429, "This link was tried too often", f"To connect a number: {ASK}")


def end_of(link: ConnectLink) -> End | None:
    """Return why nothing can be connected with the link; None: it is open."""
    if link.is_open:
        return None
    return USED if link.used_at else OVER


def ended(request: HttpRequest, end: End, *, again: str = "") -> HttpResponse:
    """`again`: the address at which the holder begins once more."""
    shown = {"end": end, "again": again}
    return render(request, "connect/link_ended.html", shown, status=end.status)
