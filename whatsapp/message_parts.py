"""Read what a stored message looked like to its two sides: from Meta's item as it came, or from the
body that we sent. Pure; what is not built as documented reads as absent.
"""

from collections.abc import Callable
from typing import Any

from channels_app.message_parts import Card, Choice, MessageParts, Place, Section, Slide
from whatsapp.json_values import Json, inner, objects, text
from whatsapp.message_templates import filled

LATITUDE, LONGITUDE = 90, 180
# what WhatsApp itself writes on the button of a message that asks for one thing
LABELS = {
    "location_request_message": "Send location",
    "request_contact_info": "Share phone number",
    "call_permission_request": "Allow calls",
    "catalog_message": "View catalog",
    "order_details": "Review and pay",
    "order_status": "Review order",
}
REPLIES = ("button_reply", "list_reply")


def parts_of(raw: Any, definition: Json | None) -> MessageParts:
    message = raw if isinstance(raw, dict) else {}
    kind = text(message.get("type"))
    if kind == "template":
        return filled.parts_of(inner(message, "template"), definition)
    read = READERS.get(kind)
    return read(message) if read else MessageParts()


def template_of(raw: Any) -> tuple[str, str] | None:
    """Return the name and the language of the template that a message is made of; None: it is made
    of none.
    """
    used = inner(raw, "template")
    name, language = text(used.get("name")), text(inner(used, "language").get("code"))
    return (name, language) if name and language else None


def located(message: Json) -> MessageParts:
    given = inner(message, "location")
    latitude = degrees(given.get("latitude"), LATITUDE)
    longitude = degrees(given.get("longitude"), LONGITUDE)
    is_known = latitude is not None and longitude is not None
    place = Place(
        name=text(given.get("name")),
        address=text(given.get("address")),
        latitude=latitude if is_known else None,
        longitude=longitude if is_known else None,
    )
    return MessageParts(place=place) if place != Place() else MessageParts()


def degrees(value: Any, most: int) -> float | None:
    """None for what is no number, or none of a place: NaN, too."""
    return value if type(value) in (int, float) and -most <= value <= most else None


def carded(message: Json) -> MessageParts:
    return MessageParts(cards=tuple(map(card_of, objects(message, "contacts"))))


def card_of(contact: Json) -> Card:
    name, company = inner(contact, "name"), inner(contact, "org")
    lines = [
        *(
            text(each.get("phone")) or text(each.get("wa_id"))
            for each in objects(contact, "phones")
        ),
        *(text(each.get("email")) for each in objects(contact, "emails")),
        *(text(each.get("url")) for each in objects(contact, "urls")),
    ]
    return Card(
        name=text(name.get("formatted_name")) or text(name.get("first_name")),
        company=text(company.get("company")),
        lines=tuple(filter(None, lines)),
    )


def pressed(message: Json) -> MessageParts:
    """A button of a template that somebody pressed."""
    button = inner(message, "button")
    return answered(text(button.get("text")), text(button.get("payload")))


def answered(title: str, id: str, description: str = "") -> MessageParts:
    title = title or id
    chosen = Choice(title=title, description=description, id=id) if title else None
    return MessageParts(chosen=chosen)


def interactive(message: Json) -> MessageParts:
    given = inner(message, "interactive")
    for sort in REPLIES:
        if reply := inner(given, sort):
            said = (text(reply.get(key)) for key in ("title", "id", "description"))
            return answered(*said)
    action, sort = inner(given, "action"), text(given.get("type"))
    return MessageParts(
        header=text(inner(given, "header").get("text")),
        body=text(inner(given, "body").get("text")),
        footer=text(inner(given, "footer").get("text")),
        buttons=buttons_of(action, sort),
        menu=text(action.get("button")),
        sections=tuple(map(section_of, objects(action, "sections"))),
        slides=tuple(map(slide_of, objects(action, "cards"))),
    )


def buttons_of(action: Json, sort: str) -> tuple[Choice, ...]:
    """The buttons of an action: replies, a link, the opening of a form, or what WhatsApp labels."""
    given = inner(action, "parameters")
    replies = [
        inner(each, "reply") or inner(each, "quick_reply") for each in objects(action, "buttons")
    ]
    labels = [
        Choice(title=text(given.get("display_text")), description=text(given.get("url"))),
        Choice(title=text(given.get("flow_cta"))),
        Choice(title=LABELS.get(sort, "")),
    ]
    own = (Choice(title=text(each.get("title")), id=text(each.get("id"))) for each in replies)
    return tuple(each for each in (*own, *labels) if each.title)


def section_of(section: Json) -> Section:
    rows = (
        Choice(**{key: text(row.get(key)) for key in ("id", "title", "description")})
        for row in objects(section, "rows")
    )
    products = (
        Choice(title=text(item.get("product_retailer_id")))
        for item in objects(section, "product_items")
    )
    return Section(title=text(section.get("title")), choices=(*rows, *products))


def slide_of(card: Json) -> Slide:
    action = inner(card, "action")
    return Slide(
        body=text(inner(card, "body").get("text")),
        file=text(inner(card, "header").get("type")),
        buttons=buttons_of(action, ""),
    )


READERS: dict[str, Callable[[Json], MessageParts]] = {
    "location": located,
    "contacts": carded,
    "interactive": interactive,
    "button": pressed,
}
