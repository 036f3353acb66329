"""What a person reads of each type of message: its text, and one line for lists. Pure."""

import json
from collections.abc import Callable
from typing import Any

from channels_app.events.messages import PREVIEW_LENGTH
from whatsapp.items import Json, inner, objects, text

Words = Callable[[Json], str]


def location(message: Json) -> str:
    place = inner(message, "location")
    named = [text(place.get(key)) for key in ("name", "address")]
    return ", ".join(filter(None, named)) or f"{place['latitude']}, {place['longitude']}"


def contact_cards(message: Json) -> str:
    return ", ".join(filter(None, map(card, objects(message, "contacts"))))


def card(contact: Json) -> str:
    name = inner(contact, "name")
    called = text(name.get("formatted_name")) or text(name.get("first_name"))
    return called or next((text(phone.get("phone")) for phone in objects(contact, "phones")), "")


def order(message: Json) -> str:
    bought = inner(message, "order")
    items = [
        " x ".join(filter(None, [spoken(item.get("quantity")), spoken(item.get("product_retailer_id"))]))
        for item in objects(bought, "product_items")
    ]
    return "\n".join(filter(None, [text(bought.get("text")), ", ".join(items)]))


def flow_answer(answer: Json) -> str:
    """The form's fields and what was filled in; Meta sends them as JSON inside a text."""
    try:
        fields = json.loads(text(answer.get("response_json")))
    except (ValueError, RecursionError):
        fields = None
    answers = fields.items() if isinstance(fields, dict) else ()
    filled = [f"{name}: {spoken(value)}" for name, value in answers if name != "flow_token"]
    return "\n".join(filled) or text(answer.get("body"))


def spoken(value: Any) -> str:
    """A value of JSON as one writes it: what was chosen of a list, side by side; nothing for none."""
    if isinstance(value, list):
        return ", ".join(map(spoken, value))
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


CALLS = {"accept": "Calls are allowed.", "reject": "Calls are not allowed."}
INTERACTIVE: dict[str, Words] = {
    "button_reply": lambda reply: reply["title"],
    "list_reply": lambda reply: reply["title"],
    "nfm_reply": flow_answer,
    "call_permission_reply": lambda reply: CALLS[reply["response"]],
}


def interactive(message: Json) -> str:
    given = inner(message, "interactive")
    return INTERACTIVE[given["type"]](inner(given, given["type"]))


def edited(message: Json) -> str:
    return text_of(inner(inner(message, "edit"), "message"))


TEXT_OF: dict[str, Words] = {
    "text": lambda m: m["text"]["body"],
    "image": lambda m: m["image"]["caption"],
    "video": lambda m: m["video"]["caption"],
    "document": lambda m: m["document"]["caption"],
    "location": location,
    "contacts": contact_cards,
    "interactive": interactive,
    "button": lambda m: m["button"]["text"],
    "reaction": lambda m: m["reaction"]["emoji"],
    "order": order,
    "system": lambda m: m["system"]["body"],
    "edit": edited,
}
CALLED = {
    "text": "",
    "button": "",
    "interactive": "",
    "image": "Photo",
    "video": "Video",
    "audio": "Audio",
    "sticker": "Sticker",
    "document": "Document",
    "location": "Location",
    "contacts": "Contact",
    "reaction": "Reaction",
    "order": "Order",
    "system": "Notice",
    "edit": "Edited",
    "revoke": "Message deleted",
    "request_welcome": "Chat opened for the first time",
    "unsupported": "Message that WhatsApp does not pass on",
    "unknown": "Message that WhatsApp does not pass on",
    "media_placeholder": "File that is not shared yet",
}


def text_of(message: Json) -> str:
    """What the message says; nothing where its type has no words, or is not built as documented."""
    try:
        return text(TEXT_OF[message["type"]](message))
    except (KeyError, TypeError, AttributeError, RecursionError):
        return ""


def preview_of(message: Json) -> str:
    """One line that says what the message is, for every type, those of tomorrow too."""
    kind, words = text(message.get("type")), text_of(message).strip()
    named = ": ".join(filter(None, [called(message, kind), words or text(inner(message, kind).get("filename"))]))
    line = " ".join(named.split()) or "Message without words"
    return line if len(line) <= PREVIEW_LENGTH else line[: PREVIEW_LENGTH - 1] + "\u2026"


def called(message: Json, kind: str) -> str:
    if kind == "audio" and inner(message, "audio").get("voice") is True:
        return "Voice message"
    if kind == "reaction" and not text_of(message):
        return "Reaction taken back"
    return CALLED.get(kind, f"Message of the type {kind}" if kind else "Message without a type")
