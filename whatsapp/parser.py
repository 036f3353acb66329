"""Meta's webhook JSON in, our events out. Pure: no database, no network.

Meta's words (wamid, wa_id, phone_number_id) end in this file. An item that cannot be kept becomes a Rejected and never touches
its neighbours; a type or a field that Meta invents tomorrow is kept whole under its own name.
"""

import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from channels_app.events import ChannelEvent, Event, InboundMessage, Rejected, StatusUpdate
from channels_app.storable import Unstorable
from whatsapp.errors import meaning_of, sentence

EARLIEST, LATEST = 1_230_768_000, 4_102_444_800  # 2009 and 2100: a time outside is none
DIGITS = 1_000  # of a number that is still worth reading

Json = dict[str, Any]

TEXT_OF: dict[str, Callable[[Json], Any]] = {
    "text": lambda m: m["text"]["body"],
    "button": lambda m: m["button"]["text"],
    "image": lambda m: m["image"].get("caption"),
    "video": lambda m: m["video"].get("caption"),
    "document": lambda m: m["document"].get("caption"),
}
ITEMS_OF: dict[str, Callable[[Json], list]] = {
    "smb_message_echoes": lambda v: v["message_echoes"],
    "smb_app_state_sync": lambda v: v["state_sync"],
    "history": lambda v: [m for h in v["history"] for thread in h["threads"] for m in thread["messages"]],
}


def parse(body: bytes) -> Iterator[Event]:
    """Every message, status and other item of every change of every entry, in their order."""
    try:
        payload = json.loads(body, parse_int=integer)
    except (ValueError, RecursionError):
        yield Rejected(reason="The body is not JSON that can be read.")
        return
    if not isinstance(payload, dict) or payload.get("object", "whatsapp_business_account") != "whatsapp_business_account":
        yield Rejected(reason="The body is not a WhatsApp webhook.", raw=payload)
        return
    for entry in each(payload, "entry"):
        yield from parse_entry(entry) if isinstance(entry, dict) else [entry]


def parse_entry(entry: Json) -> Iterator[Event]:
    account = entry.get("id")
    for change in each(entry, "changes"):
        if isinstance(change, Rejected):
            yield change
        elif not isinstance(change.get("value"), dict) or not isinstance(change.get("field"), str):
            yield Rejected(reason="A change has no field or no value.", raw=change)
        elif change["field"] == "messages":
            yield from parse_messages(change["value"], account)
        else:
            yield from parse_other(change["field"], change["value"], account)


def parse_messages(value: Json, account: Any) -> Iterator[Event]:
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    contacts = [contact for contact in each(value, "contacts") if isinstance(contact, dict)]
    for key, read in (("messages", read_message), ("statuses", read_status), ("errors", read_error)):
        for item in each(value, key):
            yield item if isinstance(item, Rejected) else attempt(read, item, contacts, number, account)


def attempt(read: Callable[..., Event], item: Json, contacts: list[Json], number: Any, account: Any) -> Event:
    """The item's event; a Rejected, with what can be told of its channel, where it has none."""
    where = {"account_id": text(account), "channel_external_id": text(number)}
    try:
        return read(item, contacts, **where, raw=item)
    except Unstorable as error:
        reason = str(error)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"The item is not built as Meta documents it ({type(error).__name__})."
    return Rejected(reason=reason, raw=item, **where)


def read_message(message: Json, contacts: list[Json], **where: Any) -> InboundMessage:
    contact = contact_of(message, contacts)
    profile = contact.get("profile")
    kind, senders = message.get("type"), sender_ids(message, contact)
    return InboundMessage(
        external_id=message["id"],
        contact_ids=senders,
        reply_to=address_of(message, senders),
        contact_name=text(profile.get("name")) if isinstance(profile, dict) else "",
        group_external_id=text(message.get("group_id")),
        kind=text(kind) or "unknown",
        text=text_of(message, kind),
        sent_at=moment(message.get("timestamp")),
        **where,
    )


def read_status(status: Json, contacts: list[Json], **where: Any) -> StatusUpdate:
    return StatusUpdate(
        external_id=status["id"],
        status=status["status"],
        reference=text(status.get("biz_opaque_callback_data")),
        participant=text(status.get("recipient_participant_user_id") or status.get("recipient_participant_id")),
        occurred_at=moment(status.get("timestamp")),
        **what_failed(status.get("errors")),
        **where,
    )


def what_failed(errors: Any) -> Json:
    """What the first of a status's errors asks for."""
    error = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    if error is None:
        return {}
    code, meaning = error.get("code"), meaning_of(error.get("code"))
    return {
        "error_code": "" if code is None else str(code)[:64],
        "error": sentence(meaning, code, text(error.get("title") or error.get("message"))),
        "closes_window": meaning.closes_window,
        "parks": meaning.parks,
    }


def read_error(error: Json, contacts: list[Json], **where: Any) -> ChannelEvent:
    return ChannelEvent(kind="errors", **where)


def parse_other(name: str, value: Json, account: Any) -> Iterator[Event]:
    """The fields beside `messages`, kept whole: item by item where Meta sends several in one change."""
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else ""
    try:
        items = ITEMS_OF[name](value)
    except (KeyError, TypeError):
        items = None
    for item in items if isinstance(items, list) else [value]:
        yield ChannelEvent(kind=name, account_id=text(account), channel_external_id=text(number), raw=item)


def address_of(message: Json, senders: tuple[tuple[str, str], ...]) -> str:
    """Where an answer goes: the id the message came from."""
    return digits_or_text(message.get("from") or message.get("from_user_id")) or (senders[0][1] if senders else "")


def sender_ids(message: Json, contact: Json) -> tuple[tuple[str, str], ...]:
    """Every id that the message and its contact give, the most lasting first."""
    system = message["system"] if isinstance(message.get("system"), dict) and not message.get("from") else {}
    given = [
        ("bsuid", message.get("from_user_id")),
        ("bsuid", contact.get("user_id")),
        ("bsuid", system.get("user_id")),  # a notice that names nobody but whom it is about
        ("parent_bsuid", message.get("from_parent_user_id")),
        ("parent_bsuid", contact.get("parent_user_id")),
        ("wa_id", message.get("from")),
        ("wa_id", contact.get("wa_id")),
    ]
    return tuple(dict.fromkeys((kind, digits_or_text(value)) for kind, value in given if value))


def contact_of(message: Json, contacts: list[Json]) -> Json:
    """The contact that shares an id with the message; never the one at its index."""
    for contact in contacts:
        for key, own in (("user_id", "from_user_id"), ("wa_id", "from")):
            if message.get(own) and contact.get(key) == message.get(own):
                return contact
    return {}


def text_of(message: Json, kind: Any) -> str:
    try:
        return text(TEXT_OF[kind](message))
    except (KeyError, TypeError, AttributeError):
        return ""


def each(parent: Json, key: str) -> Iterator[Any]:
    """The objects in parent[key]; a Rejected for what is none, and nothing where the key is absent."""
    children = parent.get(key, [])
    if not isinstance(children, list):
        yield Rejected(reason=f"{key} is not a list.", raw=parent)
        return
    for child in children:
        yield child if isinstance(child, dict) else Rejected(reason=f"{key} holds something that is no object.", raw=child)


def moment(value: Any) -> datetime | None:
    """Unix seconds, a text of digits or an integer; None for anything that cannot be when it was sent."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if type(value) is int and EARLIEST <= value <= LATEST:
        return datetime.fromtimestamp(value, UTC)
    return None


def digits_or_text(value: Any) -> Any:
    """An id; Meta's own examples write some as numbers."""
    return str(value) if type(value) is int else value


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def integer(digits: str) -> float:
    """A number nobody could mean becomes infinite: its own item is refused for it, and not the whole body."""
    return int(digits) if len(digits) <= DIGITS else math.inf
