"""Normalize a message of a webhook into our event: of a contact, of staff in the phone app, or of a
shared history. Pure.
"""

from typing import Any

from channels_app.events import Attachment, Echo, HistoryMessage, InboundMessage
from whatsapp.id_forms import PERSONAL
from whatsapp.json_values import Json, digits, digits_or_text, inner, moment, text
from whatsapp.webhooks import person_ids
from whatsapp.webhooks.error_items import what_is_missing
from whatsapp.webhooks.id_changes import replacements_of_notice
from whatsapp.webhooks.message_text import preview_of, text_of
from whatsapp.webhooks.profiles import Contacts

ATTACHED = ("image", "video", "audio", "document", "sticker")
AIMED = {
    "reaction": ("reaction", "message_id"),
    "edit": ("edit", "original_message_id"),
    "revoke": ("revoke", "original_message_id"),
}
FORWARDED = {"frequently_forwarded": "often", "forwarded": "once"}
HISTORY_STATUS = {
    "PENDING": "accepted",
    "SENT": "sent",
    "DELIVERED": "delivered",
    "READ": "read",
    "PLAYED": "played",
}
HISTORY_STATUS |= {"ERROR": "failed"}


def read_message(message: Json, value: Json, contacts: Contacts, **where: Any) -> InboundMessage:
    written = by_contact(message, value, contacts)
    senders, replacements = written["contact_ids"], written["replacements"]
    kind, came_from = person_ids.address(message, senders) or ("", "")
    return InboundMessage(
        reply_to=next((each.new for each in replacements if each.kind == kind), came_from),
        **written,
        **where,
    )


def read_echo(message: Json, value: Json, contacts: Contacts, **where: Any) -> Echo:
    return Echo(**to_contact(message, value, contacts), **where)


def by_contact(message: Json, value: Json, contacts: Contacts) -> dict[str, Any]:
    """What a message says that the contact wrote, whoever it was for."""
    contact = contacts.of(message.get("from_user_id"), message.get("from"))
    return {
        "contact_ids": person_ids.sender(message, contact),
        "replacements": replacements_of_notice(message),
        **content(message, value),
        **profile(contact),
    }


def to_contact(message: Json, value: Json, contacts: Contacts) -> dict[str, Any]:
    """What an echo says: a message to the contact that we did not send by the API."""
    contact = contacts.of(message.get("to_user_id"), message.get("to"))
    return {
        "contact_ids": person_ids.receiver(message, contact),
        **content(message, value),
        **profile(contact),
    }


def read_history(
    message: Json, value: Json, contacts: Contacts, thread: Any, **where: Any
) -> HistoryMessage:
    """`thread`: the person's id; where Meta gives none, whoever of the two the message names is not
    us.
    """
    is_ours = person_ids.is_ours(
        message, thread, digits(inner(value, "metadata").get("display_phone_number"))
    )
    way = "to" if is_ours else "from"
    contact = contacts.of(message.get(f"{way}_user_id"), message.get(way), thread)
    told = text(inner(message, "history_context").get("status"))
    return HistoryMessage(
        contact_ids=person_ids.partner(message, contact, thread, is_ours),
        is_outbound=is_ours,
        status=HISTORY_STATUS.get(told.upper(), "sent") if is_ours else "",
        **content(message, value),
        **profile(contact),
        **where,
    )


def content(message: Json, value: Json) -> dict[str, Any]:
    """What every message has, whoever wrote it."""
    context = inner(message, "context")
    product = inner(context, "referred_product")
    return {
        "external_id": message["id"],
        "personal_kinds": PERSONAL,
        "channel_number": digits(inner(value, "metadata").get("display_phone_number")),
        "group_external_id": text(message.get("group_id")),
        "kind": text(message.get("type")) or "unknown",
        "text": text_of(message),
        "preview": preview_of(message),
        "attachment": attachment(message),
        "quoted_external_id": text(context.get("id")),
        "target_external_id": target(message),
        "forwarded": next(
            (word for key, word in FORWARDED.items() if context.get(key) is True), ""
        ),
        "referral": inner(message, "referral") or ({"product": product} if product else None),
        "sent_at": moment(message.get("timestamp")),
        **what_is_missing(message),
    }


def attachment(message: Json) -> Attachment | None:
    """The file of a message; None for a type that has none, or where Meta does not say which
    it is.
    """
    kind = message.get("type")
    file = inner(message, kind) if kind in ATTACHED else {}
    external_id = digits_or_text(file.get("id"))
    if not external_id:
        return None
    given = {name: text(file.get(name)) for name in ("mime_type", "sha256", "filename")}
    return Attachment(external_id=external_id, **given)


def target(message: Json) -> str:
    """The message that this one edits, takes back or reacts to."""
    kind, key = AIMED.get(text(message.get("type")), ("", ""))
    return text(inner(message, kind).get(key))


def profile(contact: Json) -> dict[str, Any]:
    given = inner(contact, "profile")
    return {"contact_name": text(given.get("name")), "username": text(given.get("username"))}
