"""List the templates of a business account through the Graph API."""

from typing import Any

from channels_app.providers import ListedTemplate
from channels_app.storable import Unstorable
from whatsapp.graph.pagination import pages_of
from whatsapp.json_values import digits_or_text, inner, objects, text
from whatsapp.webhooks.channel_updates.templates import CATEGORIES, QUALITIES, STATUSES

PAGE_LENGTH = 100
PAGES = 100  # an account has 6,000 templates at most
PAGE_BYTES = 8 * 1024 * 1024  # of a hundred templates, with their examples
FIELDS = (
    "id,name,language,status,category,quality_score,rejected_reason,parameter_format,components"
)


def list_templates(waba_id: str, *, token: str) -> list[ListedTemplate]:
    """All templates of an account; raises SendError. One that cannot be kept cannot be sent either,
    and is left out.
    """
    asked = {"limit": str(PAGE_LENGTH), "fields": FIELDS}
    path = f"{waba_id}/message_templates"
    every = pages_of(
        path, what="templates", params=asked, pages=PAGES, token=token, at_most=PAGE_BYTES
    )
    return [template for template in map(listed, every) if template]


def listed(template: dict[str, Any]) -> ListedTemplate | None:
    status, category = text(template.get("status")), text(template.get("category"))
    quality, reason = (
        text(inner(template, "quality_score").get("score")),
        text(template.get("rejected_reason")),
    )
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
