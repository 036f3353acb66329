"""List the templates of a business account through the Graph API."""

from typing import Any

from channels_app.providers import ListedTemplate
from channels_app.storable import Unstorable
from whatsapp.graph.pagination import pages_of
from whatsapp.json_values import digits_or_text, inner, objects, text
from whatsapp.template_statuses import category_of, quality_of, status_of

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
    quality, _ = quality_of(text(inner(template, "quality_score").get("score")))
    reason = text(template.get("rejected_reason"))
    try:
        return ListedTemplate(
            external_id=digits_or_text(template.get("id")),
            name=text(template.get("name")),
            language=text(template.get("language")),
            category=category_of(text(template.get("category"))),
            status=status_of(text(template.get("status"))).word,
            quality=quality,
            rejected_reason="" if reason == "NONE" else reason,
            parameter_format=text(template.get("parameter_format")).lower(),
            components=[each for each in objects(template, "components") if text(each.get("type"))],
        )
    except Unstorable:
        return None
