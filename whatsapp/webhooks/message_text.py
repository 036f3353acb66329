"""The text of each type of message as a person reads it, and its preview, one line for lists.
Pure.
"""

import json
from collections.abc import Callable
from typing import Any

from channels_app.events.messages import PREVIEW_LENGTH
from channels_app.filenames import plain_filename
from whatsapp.json_values import Json, digits_or_text, inner, objects, text

Words = Callable[[Json], str]

# Where an object that nobody documented has its words, the best first; ids last.
USUAL = (
    *("title", "text", "body", "caption", "name", "formatted_name", "description"),
    *("product_retailer_id", "payload", "product_items", "sections"),
)


def words_in(thing: Any) -> str:
    """What a person would read of a value that is not known: its usual words, or those of what is
    within.
    """
    if isinstance(thing, list):
        return ", ".join(filter(None, map(words_in, thing)))
    if isinstance(thing, dict):
        return next(filter(None, (words_in(thing.get(key)) for key in USUAL)), "")
    return text(digits_or_text(thing)).strip()


def location(message: Json) -> str:
    place = inner(message, "location")
    named = [text(place.get(key)) for key in ("name", "address")]
    return ", ".join(filter(None, named)) or coordinates(place)


def coordinates(place: Json) -> str:
    """Both of them, or nothing: half of a pair is no place."""
    pair = degrees(place.get("latitude"), 90), degrees(place.get("longitude"), 180)
    return ", ".join(pair) if all(pair) else ""


def degrees(value: Any, most: int) -> str:
    """Nothing for what is no number, or none of a place: NaN, too."""
    return str(value) if type(value) in (int, float) and -most <= value <= most else ""


def contact_cards(message: Json) -> str:
    return ", ".join(filter(None, map(card, objects(message, "contacts"))))


def card(contact: Json) -> str:
    name = inner(contact, "name")
    called = text(name.get("formatted_name")) or text(name.get("first_name"))
    return called or next((text(phone.get("phone")) for phone in objects(contact, "phones")), "")


def order(message: Json) -> str:
    bought = inner(message, "order")
    items = [
        " x ".join(
            filter(None, [plain(item.get("quantity")), plain(item.get("product_retailer_id"))])
        )
        for item in objects(bought, "product_items")
    ]
    return "\n".join(filter(None, [text(bought.get("text")), ", ".join(filter(None, items))]))


def plain(value: Any) -> str:
    """A text or a number as one writes it; nothing for anything else."""
    return str(value) if type(value) in (str, int, float) else ""


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
    """A value of JSON as one writes it: what was chosen of a list, side by side; nothing for
    none.
    """
    if isinstance(value, list):
        return ", ".join(map(spoken, value))
    return (
        value
        if isinstance(value, str)
        else ""
        if value is None
        else json.dumps(value, ensure_ascii=False)
    )


CALLS = {"accept": "Calls are allowed.", "reject": "Calls are not allowed."}
INTERACTIVE: dict[str, Words] = {
    "button_reply": lambda reply: words_in(reply) or plain(reply.get("id")),
    "list_reply": lambda reply: words_in(reply) or plain(reply.get("id")),
    "nfm_reply": flow_answer,
    "call_permission_reply": lambda reply: CALLS.get(text(reply.get("response")), ""),
}


def interactive(message: Json) -> str:
    given, sort = inner(message, "interactive"), sort_of(message)
    read = INTERACTIVE.get(sort, words_in)
    return read(inner(given, sort)) or words_in(given)


def sort_of(message: Json) -> str:
    """The type of an interactive message: what it says, else the first object that it has."""
    given = inner(message, "interactive")
    return text(given.get("type")) or next(
        (key for key, value in given.items() if isinstance(value, dict)), ""
    )


def of_another_type(message: Json) -> str:
    given = message.get(message["type"])
    return words_in(given) if isinstance(given, dict | list) else ""


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
    "button": lambda m: words_in(m["button"]),
    "reaction": lambda m: m["reaction"]["emoji"],
    "order": order,
    "system": lambda m: m["system"]["body"],
    "edit": edited,
}
CALLED = {
    "text": "",
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


SILENT = CALLED.keys() - TEXT_OF.keys()


def text_of(message: Json) -> str:
    """What the message says; nothing where its type has no words, or is not built as documented."""
    kind = text(message.get("type"))
    if kind in SILENT:
        return ""
    try:
        return text(TEXT_OF.get(kind, of_another_type)(message))
    except (KeyError, TypeError, AttributeError, RecursionError):
        return ""


def preview_of(message: Json) -> str:
    """One line that says what the message is, for every type, those of tomorrow too."""
    kind, words = text(message.get("type")), text_of(message).strip()
    named = ": ".join(
        filter(None, [called(message, kind, words), words or filename_of(inner(message, kind))])
    )
    line = " ".join(named.split()) or "Message without words"
    return line if len(line) <= PREVIEW_LENGTH else line[: PREVIEW_LENGTH - 1] + "\u2026"


def filename_of(file: Json) -> str:
    return plain_filename(text(file.get("filename")))


def called(message: Json, kind: str, words: str) -> str:
    if kind == "audio" and inner(message, "audio").get("voice") is True:
        return "Voice message"
    if kind == "reaction" and not words:
        return "Reaction taken back"
    sort = sort_of(message) if kind == "interactive" else kind
    if words and (kind == "button" or sort in INTERACTIVE):
        return ""
    name = sort or kind
    return CALLED.get(kind, f"Message of the type {name}" if name else "Message without a type")
