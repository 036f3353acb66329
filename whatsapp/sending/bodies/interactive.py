"""Messages to answer with a tap, in Meta's words: a frame of header, body and footer, and an action
in it.
"""

from collections.abc import Sequence

from channels_app.content import (
    Button,
    Buttons,
    CallPermissionRequest,
    ContactRequest,
    LinkButton,
    ListMenu,
    LocationRequest,
    Media,
    Row,
    Section,
)
from whatsapp.json_values import Json
from whatsapp.sending import limits
from whatsapp.sending.bodies.media import shown_above
from whatsapp.sending.limits import Check, present

HEADER_KINDS = ("image", "video", "document")


def interactive(kind: str, action: Json, **frame: Json) -> Json:
    return {
        "type": "interactive",
        "interactive": {"type": kind, **present(**frame), "action": action},
    }


def header(content: str | Media, check: Check) -> Json:
    if isinstance(content, Media):
        return shown_above(content, check, "The header", HEADER_KINDS)
    return (
        {"type": "text", "text": check.words("The header", content, limits.HEADER)}
        if content
        else {}
    )


def body(text: str, check: Check) -> Json:
    return {"text": check.words("The body", text, limits.BODY)}


def optional_body(text: str, check: Check) -> Json:
    return body(text, check) if text else {}


def footer(text: str, check: Check) -> Json:
    return {"text": check.words("The footer", text, limits.FOOTER)} if text else {}


def buttons(content: Buttons, check: Check) -> Json:
    return interactive(
        "button",
        {"buttons": reply_buttons(content.buttons, "reply", "", check)},
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def reply_buttons(items: Sequence[Button], kind: str, where: str, check: Check) -> list[Json]:
    """One to three buttons; `where` follows their number in a fault."""
    check.count(f"buttons{where}", len(items), limits.BUTTONS)
    check.differ("Buttons", "id", [each.id for each in items], where)
    check.differ("Buttons", "title", [each.title for each in items], where)
    return [
        {"type": kind, kind: reply(each, f"button {n}{where}", check)}
        for n, each in enumerate(items, 1)
    ]


def reply(content: Button, where: str, check: Check) -> Json:
    return {
        "id": check.id(f"The id of {where}", content.id, limits.BUTTON_ID),
        "title": check.words(f"The title of {where}", content.title, limits.BUTTON_TITLE),
    }


def list_menu(content: ListMenu, check: Check) -> Json:
    rows = [row for section in content.sections for row in section.rows]
    check.count("sections", len(content.sections), limits.SECTIONS)
    check.count("rows in all sections", len(rows), limits.ROWS)
    check.differ("Rows", "id", [row.id for row in rows], " of all sections")
    return interactive(
        "list",
        {
            "button": check.words("The title of the button", content.button, limits.BUTTON_TITLE),
            "sections": [
                section(each, n, len(content.sections), check)
                for n, each in enumerate(content.sections, 1)
            ],
        },
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def section(content: Section, number: int, of: int, check: Check) -> Json:
    rows = [
        row(each, f"row {n} of section {number}", check) for n, each in enumerate(content.rows, 1)
    ]
    return {**section_title(content.title, number, of, check), "rows": rows}


def section_title(title: str, number: int, of: int, check: Check) -> Json:
    """Required where there is more than one section."""
    if of == 1 and not title:
        return {}
    return {"title": check.words(f"The title of section {number}", title, limits.SECTION_TITLE)}


def row(content: Row, where: str, check: Check) -> Json:
    return present(
        id=check.id(f"The id of {where}", content.id, limits.ROW_ID),
        title=check.words(f"The title of {where}", content.title, limits.ROW_TITLE),
        description=check.optional(
            f"The description of {where}", content.description, limits.ROW_DESCRIPTION
        ),
    )


def link_button(content: LinkButton, check: Check) -> Json:
    return interactive(
        "cta_url",
        link_action(content.title, content.url, "the button", check),
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def link_action(title: str, url: str, where: str, check: Check) -> Json:
    return {
        "name": "cta_url",
        "parameters": {
            "display_text": check.words(f"The title of {where}", title, limits.BUTTON_TITLE),
            "url": check.link(f"The link of {where}", url),
        },
    }


def location_request(content: LocationRequest, check: Check) -> Json:
    return interactive(
        "location_request_message", {"name": "send_location"}, body=body(content.body, check)
    )


def contact_request(content: ContactRequest, check: Check) -> Json:
    return interactive(
        "request_contact_info", {"name": "request_contact_info"}, body=body(content.body, check)
    )


def call_permission_request(content: CallPermissionRequest, check: Check) -> Json:
    action = {"name": "call_permission_request"}
    return interactive("call_permission_request", action, body=optional_body(content.body, check))
