"""A WABA's templates, in pages as the Graph API lists them."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route


def listed(stand_in: Any, request: Request, waba_id: str) -> Answer:
    every = stand_in.templates.get(waba_id, [])
    begin = int(request.query.get("after") or 0)
    end = begin + int(request.query.get("limit", 25))
    paging = {"cursors": {"before": str(begin), "after": str(end)}}
    if end < len(every):
        paging["next"] = f"{stand_in.url}{request.path}?after={end}"  # type: ignore[assignment]
    return Answer({"data": every[begin:end], "paging": paging})


ROUTES = (Route("GET", "/([^/]+)/message_templates", listed),)
