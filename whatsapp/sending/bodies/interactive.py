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
    of_header = check.at("/header", "the header")
    if isinstance(content, Media):
        return shown_above(content, of_header, HEADER_KINDS)
    return {"type": "text", "text": of_header.words(content, limits.HEADER)} if content else {}


def body(text: str, check: Check) -> Json:
    return {"text": check.at("/body", "the body").words(text, limits.BODY)}


def optional_body(text: str, check: Check) -> Json:
    return body(text, check) if text else {}


def footer(text: str, check: Check) -> Json:
    of_footer = check.at("/footer", "the footer")
    return {"text": of_footer.words(text, limits.FOOTER)} if text else {}


def buttons(content: Buttons, check: Check) -> Json:
    return interactive(
        "button",
        {"buttons": reply_buttons(content.buttons, "reply", check)},
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def reply_buttons(items: Sequence[Button], kind: str, check: Check) -> list[Json]:
    """One to three buttons."""
    ids = {f"/buttons/{n}/id": each.id for n, each in enumerate(items)}
    titles = {f"/buttons/{n}/title": each.title for n, each in enumerate(items)}
    check.at("/buttons").count("buttons", len(items), limits.BUTTONS)
    check.differ("buttons", "id", ids)
    check.differ("buttons", "title", titles)
    return [{"type": kind, kind: reply(*each)} for each in check.each("/buttons", "button", items)]


def reply(content: Button, check: Check) -> Json:
    return {
        "id": check.at("/id", "the id").id(content.id, limits.BUTTON_ID),
        "title": check.at("/title", "the title").words(content.title, limits.BUTTON_TITLE),
    }


def list_menu(content: ListMenu, check: Check) -> Json:
    row_ids = {
        f"/sections/{n}/rows/{m}/id": row.id
        for n, section in enumerate(content.sections)
        for m, row in enumerate(section.rows)
    }
    check.at("/sections").count("sections", len(content.sections), limits.SECTIONS)
    check.at("/sections").count("rows in all sections", len(row_ids), limits.ROWS)
    check.at("", "all sections").differ("rows", "id", row_ids)
    of_title = check.at("/button", "the title of the button")
    return interactive(
        "list",
        {
            "button": of_title.words(content.button, limits.BUTTON_TITLE),
            "sections": [
                section(*each, is_only=len(content.sections) == 1)
                for each in check.each("/sections", "section", content.sections)
            ],
        },
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def section(content: Section, check: Check, *, is_only: bool) -> Json:
    rows = [row(*each) for each in check.each("/rows", "row", content.rows)]
    return {**section_title(content.title, check, is_only=is_only), "rows": rows}


def section_title(title: str, check: Check, *, is_only: bool) -> Json:
    """Required where there is more than one section."""
    if is_only and not title:
        return {}
    return {"title": check.at("/title", "the title").words(title, limits.SECTION_TITLE)}


def row(content: Row, check: Check) -> Json:
    of_description = check.at("/description", "the description")
    return present(
        id=check.at("/id", "the id").id(content.id, limits.ROW_ID),
        title=check.at("/title", "the title").words(content.title, limits.ROW_TITLE),
        description=of_description.optional(content.description, limits.ROW_DESCRIPTION),
    )


def link_button(content: LinkButton, check: Check) -> Json:
    return interactive(
        "cta_url",
        link_action(content.title, content.url, check.at("", "the button")),
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def link_action(title: str, url: str, check: Check) -> Json:
    return {
        "name": "cta_url",
        "parameters": {
            "display_text": check.at("/title", "the title").words(title, limits.BUTTON_TITLE),
            "url": check.at("/url", "the link").link(url),
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
