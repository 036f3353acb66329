"""Pagination: follow the pages of a list that the Graph API hands out."""

from collections.abc import Iterator, Mapping
from typing import Any

from channels_app.providers import SendError
from whatsapp.graph import client


def pages_of(
    path: str, *, what: str, params: Mapping[str, str], pages: int = 100, **call: Any
) -> Iterator[dict[str, Any]]:
    """Each thing as Meta has it, page after page; raises SendError in the midst of it, when what
    came is not all.

    The next page is asked for by its cursor: the whole address that Meta gives for it would have to
    be believed.
    `what` it lists, for sentences; `call` goes to each call.
    """
    asked = dict(params)
    for _ in range(pages):
        page = client.call("GET", path, params=asked, **call)
        yield from things_of(page, what)
        after = cursor_of(page, what)
        if after is None:
            return
        asked["after"] = after
    raise SendError(
        f"WhatsApp's list of {what} does not end after {pages} pages.",
        then="unknown",
        http_status=200,
    )


def things_of(page: dict[str, Any], what: str) -> list[dict[str, Any]]:
    things = page.get("data")
    if not isinstance(things, list) or not all(isinstance(each, dict) for each in things):
        raise unreadable(what)
    return things


def cursor_of(page: dict[str, Any], what: str) -> str | None:
    """Where the next page begins; None: this is the last. The last one has a cursor too, but
    nothing next.
    """
    paging = page.get("paging") or {}
    if not isinstance(paging, dict):
        raise unreadable(what)
    if not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        raise unreadable(what)
    return after


def unreadable(what: str) -> SendError:
    return SendError(f"WhatsApp's answer is not a list of {what}.", then="unknown", http_status=200)
