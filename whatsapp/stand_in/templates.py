"""A WABA's templates, in pages as the Graph API lists them. A step of the script may have a `page`
to answer instead.
"""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route, failing
from whatsapp.stand_in.paging import page_of


def listed(stand_in: Any, request: Request, waba_id: str) -> Answer | None:
    stand_in.template_questions.append(
        {"waba_id": waba_id, "token": request.token, **request.query}
    )
    step = stand_in.template_script.popleft() if stand_in.template_script else {}
    if "code" in step or "http" in step:
        return failing(step)
    if "then" in step:
        return None
    return Answer(
        step["page"]
        if "page" in step
        else page_of(stand_in, request, stand_in.templates.get(waba_id, []))
    )


ROUTES = (Route("GET", "/([^/]+)/message_templates", listed),)
