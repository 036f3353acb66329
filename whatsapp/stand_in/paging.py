"""Lists as the Graph API hands them out: in pages, each with the address of the next."""

from typing import Any

from whatsapp.stand_in.http import Request


def page_of(stand_in: Any, request: Request, every: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the page that the request asks for."""
    begin = int(request.query.get("after") or 0)
    end = begin + int(request.query.get("limit", 25))
    following = {"next": f"{stand_in.url}{request.path}?after={end}"} if end < len(every) else {}
    return {
        "data": every[begin:end],
        "paging": {"cursors": {"before": str(begin), "after": str(end)}, **following},
    }
