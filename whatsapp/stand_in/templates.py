"""A WABA's templates, in pages as the Graph API lists them. A step of the script may have a `page` to answer instead."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route, failing


def listed(stand_in: Any, request: Request, waba_id: str) -> Answer | None:
    stand_in.template_questions.append({"waba_id": waba_id, "token": request.token, **request.query})
    step = stand_in.template_script.popleft() if stand_in.template_script else {}
    if "code" in step or "http" in step:
        return failing(step)
    if "then" in step:
        return None
    return Answer(step["page"] if "page" in step else page(stand_in, request, waba_id))


def page(stand_in: Any, request: Request, waba_id: str) -> dict[str, Any]:
    every = stand_in.templates.get(waba_id, [])
    begin = int(request.query.get("after") or 0)
    end = begin + int(request.query.get("limit", 25))
    paging = {"cursors": {"before": str(begin), "after": str(end)}}
    if end < len(every):
        paging["next"] = f"{stand_in.url}{request.path}?after={end}"  # type: ignore[assignment]
    return {"data": every[begin:end], "paging": paging}


ROUTES = (Route("GET", "/([^/]+)/message_templates", listed),)
