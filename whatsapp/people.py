"""Who an item of a webhook is about: the ids that Meta gives for a person, and what it says of their changes. Pure.

A BSUID is one person's under one business portfolio; a wa_id and a phone are addresses, which change hands.
"""

import re
from typing import Any

from channels_app.events import Ids, Replacement
from whatsapp.contact_list import stated
from whatsapp.items import Json, digits, digits_or_text, inner, objects, text

BSUID, PARENT_BSUID, WA_ID, PHONE = "bsuid", "parent_bsuid", "wa_id", "phone"
PERSONAL = (BSUID, PARENT_BSUID)
CHANGED = re.compile(r"\bfrom (\S{1,200}) to (\S{1,200})$")  # the only place that names a changed BSUID's old form
SEPARATOR = "."  # of a BSUID: its country, and the rest
OWN_PHONES = 5  # of a card that are believed: each id is locked while its message is recorded
ENDING = 8  # digits that a number keeps in each of its forms: Brazil's ninth digit and Mexico's 1 stand before them

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
    is_named = message.get("from") or message.get("from_user_id")
    notice = {} if is_named else inner(message, "system")  # it names nobody but whom it is about
    own = owned_cards(message)
    return ids(
        [
            (BSUID, message.get("from_user_id")),
            (BSUID, contact.get("user_id")),
            (BSUID, notice.get("user_id")),
            (PARENT_BSUID, message.get("from_parent_user_id")),
            (PARENT_BSUID, contact.get("parent_user_id")),
            (WA_ID, message.get("from")),
            (WA_ID, contact.get("wa_id")),
            (WA_ID, notice.get("wa_id")),
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


def partner(message: Json, contact: Json, thread: Any, is_outbound: bool) -> Ids:
    """The same of the person whose thread of a shared history it is; no thread: the message names them itself."""
    named = receiver(message, contact) if is_outbound else sender(message, contact)
    given = dict.fromkeys([*ids([address(thread)]), *named])
    return tuple(sorted(given, key=lambda each: (BSUID, PARENT_BSUID, WA_ID, PHONE).index(each[0])))


def is_ours(message: Json, thread: Any, us: str) -> bool:
    """Whether the business wrote a message of a shared history. `us`: the business's number, where Meta tells it."""
    writer = digits_or_text(message.get("from"))
    if inner(message, "history_context").get("from_me") is True:
        return True
    if not writer or writer == digits_or_text(thread):
        return False
    return digits(writer)[-ENDING:] == us[-ENDING:] if us else bool(thread)


def recipient(status: Json) -> Ids:
    """Every id of who a message was sent to; none for a group, whose id is no person's."""
    if status.get("recipient_type") == "group":
        return ()
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
    told = ids([(BSUID, stated(contact.get("user_id"))), (WA_ID, stated(contact.get("wa_id")))])  # an odd one is none
    return tuple(each for each in told if each[1] not in (to, digits(to)))


def owned_cards(message: Json) -> list[Json]:
    """The phones of cards that a person shared as their own when asked; a forwarded card is somebody else's."""
    if message.get("type") != "contacts":
        return []
    own = [card for card in objects(message, "contacts") if "contact_request" in (card.get("origin"), message.get("origin"))]
    return [phone for card in own for phone in objects(card, "phones")][:OWN_PHONES]


def replacements_of_notice(message: Json) -> tuple[Replacement, ...]:
    """What a system message says has changed: the old id is who it comes from, or stands in its words."""
    system = inner(message, "system")
    named = CHANGED.search(text(system.get("body")).strip())
    old, new = named.groups() if named else ("", "")
    number, person = system.get("wa_id") or new, system.get("user_id")
    changes = {
        "user_changed_number": [
            replaced(WA_ID, message.get("from"), number) or replaced(WA_ID, old, number),
            replaced(BSUID, message.get("from_user_id"), person),
        ],
        "user_changed_user_id": [
            replaced(BSUID, message.get("from_user_id"), person or new) or replaced(BSUID, old, person or new)
        ],
    }
    return tuple(filter(None, changes.get(text(system.get("type")), [])))


UPDATED = {BSUID: "user_id", PARENT_BSUID: "parent_user_id"}


def updated(update: Json) -> Ids:
    """Every id that an item of user_id_update gives of its person, as they are now."""
    return ids([*((kind, inner(update, key).get("current")) for kind, key in UPDATED.items()), (WA_ID, update.get("wa_id"))])


def replacements_of_update(update: Json) -> tuple[Replacement, ...]:
    """What an item of user_id_update says has changed."""
    pairs = ((kind, inner(update, key)) for kind, key in UPDATED.items())
    return tuple(filter(None, (replaced(kind, pair.get("previous"), pair.get("current")) for kind, pair in pairs)))


def replaced(kind: str, old: Any, new: Any) -> Replacement | None:
    old, new = digits_or_text(old), digits_or_text(new)
    return Replacement(kind=kind, old=old, new=new) if old and new and old != new else None
