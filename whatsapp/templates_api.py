"""The templates of a business account, as the Graph API lists them."""

from collections.abc import Iterator
from typing import Any

from channels_app.providers import ListedTemplate, SendError
from channels_app.storable import Unstorable
from whatsapp import client
from whatsapp.items import digits_or_text, inner, objects, text
from whatsapp.notices_of_templates import CATEGORIES, QUALITIES, STATUSES

PAGE_LENGTH = 100
PAGES = 100  # an account has 6,000 templates at most
PAGE_BYTES = 8 * 1024 * 1024  # of a hundred templates, with their examples
FIELDS = "id,name,language,status,category,quality_score,rejected_reason,parameter_format,components"


def list_templates(waba_id: str, *, token: str) -> list[ListedTemplate]:
    """All templates of an account; raises SendError. One that cannot be kept cannot be sent either, and is left out."""
    found = [listed(each) for each in pages_of(waba_id, token)]
    return [each for each in found if each]


def listed(template: dict[str, Any]) -> ListedTemplate | None:
    status, category = text(template.get("status")), text(template.get("category"))
    quality, reason = text(inner(template, "quality_score").get("score")), text(template.get("rejected_reason"))
    try:
        return ListedTemplate(
            external_id=digits_or_text(template.get("id")),
            name=text(template.get("name")),
            language=text(template.get("language")),
            category=CATEGORIES.get(category, category),
            status=STATUSES[status][0] if status in STATUSES else status,
            quality=QUALITIES[quality][0] if quality in QUALITIES else quality,
            rejected_reason="" if reason == "NONE" else reason,
            parameter_format=text(template.get("parameter_format")).lower(),
            components=[each for each in objects(template, "components") if text(each.get("type"))],
        )
    except Unstorable:
        return None


def pages_of(waba_id: str, token: str) -> Iterator[dict[str, Any]]:
    """Each template as Meta has it, page after page; raises SendError in the midst of it, when what came is not all.

    The next page is asked for by its cursor: the whole address that Meta gives for it would have to be believed.
    """
    asked = {"limit": str(PAGE_LENGTH), "fields": FIELDS}
    for _ in range(PAGES):
        page = client.call("GET", f"{waba_id}/message_templates", token=token, at_most=PAGE_BYTES, params=asked)
        yield from templates_of(page)
        after = cursor_of(page)
        if after is None:
            return
        asked["after"] = after
    raise SendError(f"WhatsApp's list of templates does not end after {PAGES} pages.", then="unknown", http_status=200)


def templates_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    templates = page.get("data")
    if not isinstance(templates, list) or not all(isinstance(each, dict) for each in templates):
        raise unreadable()
    return templates


def cursor_of(page: dict[str, Any]) -> str | None:
    """Where the next page begins; None: this is the last. The last one has a cursor too, but nothing next."""
    paging = page.get("paging") or {}
    if not isinstance(paging, dict):
        raise unreadable()
    if not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        raise unreadable()
    return after


def unreadable() -> SendError:
    return SendError("WhatsApp's answer is not a list of templates.", then="unknown", http_status=200)
