"""Who an item of a webhook is about: the ids that Meta gives for a person, and what it says of their changes. Pure.

A BSUID is one person's under one business portfolio; a wa_id and a phone are addresses, which change hands.
"""

import re
from typing import Any

from channels_app.events import Ids, Replacement
from whatsapp.items import Json, digits, digits_or_text, inner, objects, text

BSUID, PARENT_BSUID, WA_ID, PHONE = "bsuid", "parent_bsuid", "wa_id", "phone"
PERSONAL = (BSUID, PARENT_BSUID)
CHANGED = re.compile(r"\bfrom (\S{1,200}) to (\S{1,200})$")  # the only place that names a changed BSUID's old form
SEPARATOR = "."  # of a BSUID: its country, and the rest

Given = list[tuple[str, Any]]


def ids(given: Given) -> Ids:
    """Each id once, in the order given, without those that Meta left out."""
    return tuple(dict.fromkeys((kind, digits_or_text(value)) for kind, value in given if value))


def address(value: Any) -> tuple[str, Any]:
    """An id that may be of either kind, told by its form."""
    value = digits_or_text(value)
    return (BSUID if isinstance(value, str) and SEPARATOR in value else WA_ID), value


def sender(message: Json, contact: Json) -> Ids:
    """Every id that a message and its contact give of its sender, the most lasting first."""
    system = inner(message, "system") if not message.get("from") else {}
    own = owned_cards(message)
    return ids(
        [
            (BSUID, message.get("from_user_id")),
            (BSUID, contact.get("user_id")),
            (BSUID, system.get("user_id")),  # a notice that names nobody but whom it is about
            (PARENT_BSUID, message.get("from_parent_user_id")),
            (PARENT_BSUID, contact.get("parent_user_id")),
            (WA_ID, message.get("from")),
            (WA_ID, contact.get("wa_id")),
            *((WA_ID, phone.get("wa_id")) for phone in own),
            *((PHONE, digits(phone.get("phone"))) for phone in own),
        ]
    )


def receiver(message: Json, contact: Json) -> Ids:
    """The same of the person that an echo was written to."""
    return ids(
        [
            (BSUID, message.get("to_user_id")),
            (BSUID, contact.get("user_id")),
            (PARENT_BSUID, message.get("to_parent_user_id")),
            (PARENT_BSUID, contact.get("parent_user_id")),
            (WA_ID, message.get("to")),
            (WA_ID, contact.get("wa_id")),
        ]
    )


def subject(item: Json, contact: Json) -> Ids:
    """The same of the person that a preference is about."""
    return ids(
        [
            (BSUID, item.get("user_id")),
            (BSUID, contact.get("user_id")),
            (PARENT_BSUID, item.get("parent_user_id")),
            (PARENT_BSUID, contact.get("parent_user_id")),
            (WA_ID, item.get("wa_id")),
            (WA_ID, contact.get("wa_id")),
        ]
    )


def recipient(status: Json) -> Ids:
    return ids(
        [
            (BSUID, status.get("recipient_user_id")),
            (PARENT_BSUID, status.get("recipient_parent_user_id")),
            (WA_ID, status.get("recipient_id")),
        ]
    )


def recipient_of(answer: Json, to: str) -> Ids:
    """What Meta knows a message's recipient by, where that is not what it was addressed to: the authority on a wa_id."""
    contact = next(iter(objects(answer, "contacts")), {})
    told = ids([(BSUID, contact.get("user_id")), (WA_ID, contact.get("wa_id"))])
    return tuple(each for each in told if each[1] not in (to, digits(to)))


def owned_cards(message: Json) -> list[Json]:
    """The phones of cards that a person shared as their own when asked; a forwarded card is somebody else's."""
    if message.get("type") != "contacts":
        return []
    own = [card for card in objects(message, "contacts") if card.get("origin") == "contact_request"]
    return [phone for card in own for phone in objects(card, "phones")]


def contact_of(item: Json, contacts: list[Json], *keys: tuple[str, str]) -> Json:
    """The contact that shares an id with the item, by (its key, the item's); never the one at its index."""
    for contact in contacts:
        if any(item.get(own) and contact.get(key) == item.get(own) for key, own in keys):
            return contact
    return {}


def replacements_of_notice(message: Json) -> tuple[Replacement, ...]:
    """What a system message says has changed: the old id is who it comes from, or stands in its words."""
    system = inner(message, "system")
    named = CHANGED.search(text(system.get("body")).strip())
    old, new = named.groups() if named else ("", "")
    changes = {
        "user_changed_number": [
            replaced(WA_ID, message.get("from") or old, system.get("wa_id") or new),
            replaced(BSUID, message.get("from_user_id"), system.get("user_id")),
        ],
        "user_changed_user_id": [replaced(BSUID, message.get("from_user_id") or old, system.get("user_id") or new)],
    }
    return tuple(filter(None, changes.get(text(system.get("type")), [])))


def replacements_of_update(update: Json) -> tuple[Replacement, ...]:
    """What an item of user_id_update says has changed."""
    keys = {BSUID: "user_id", PARENT_BSUID: "parent_user_id"}
    pairs = ((kind, inner(update, key)) for kind, key in keys.items())
    return tuple(filter(None, (replaced(kind, pair.get("previous"), pair.get("current")) for kind, pair in pairs)))


def replaced(kind: str, old: Any, new: Any) -> Replacement | None:
    old, new = digits_or_text(old), digits_or_text(new)
    return Replacement(kind=kind, old=old, new=new) if old and new and old != new else None
