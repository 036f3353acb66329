"""Read the ids that Meta gives for the person of an item. Pure.

A BSUID is one person's under one business portfolio; a wa_id and a phone are addresses, which
change hands.
"""

from typing import Any

from channels_app.events import Ids
from whatsapp.id_forms import PHONE, Id, id_of, ids_of, in_order, number_of, visible
from whatsapp.json_values import Json, inner, objects
from whatsapp.webhooks.id_changes import NAMED, told_of

OWN_PHONES = 5  # of a card that are believed: each id is locked while its message is recorded
# digits that a number keeps in each of its forms: Brazil's ninth digit and Mexico's 1 stand before
# them
ENDING = 8


def sender(message: Json, contact: Json) -> Ids:
    """Every id that a message and its contact give of its sender, the most lasting first."""
    own = owned_cards(message)
    named = ids_of(
        [
            *(message.get(key) for key in NAMED),
            *ids_in(contact),
            *(phone.get("wa_id") for phone in own),
        ]
    )
    phones = [(PHONE, number[1]) for phone in own if (number := number_of(phone.get("phone")))]
    return in_order([*named, *told_of(message, named), *phones])


def address(message: Json, senders: Ids) -> Id | None:
    """The id that a message came from: the first that it gives itself, else the most lasting that
    is known of its sender.
    """
    return next(filter(None, (id_of(message.get(key)) for key in NAMED)), None) or next(
        iter(senders), None
    )


def receiver(message: Json, contact: Json) -> Ids:
    """Every id of the person that an echo was written to."""
    given = [
        message.get("to_user_id"),
        message.get("to_parent_user_id"),
        but_group(message.get("to"), message),
    ]
    return ids_of([*given, *ids_in(contact)])


def subject(item: Json, contact: Json) -> Ids:
    """The same of the person that a preference is about."""
    return ids_of([*ids_in(item), *ids_in(contact)])


def partner(message: Json, contact: Json, thread: Any, is_outbound: bool) -> Ids:
    """The same of the person whose thread of a shared history it is; no thread: the message names
    them itself.
    """
    named = receiver(message, contact) if is_outbound else sender(message, contact)
    return in_order([*ids_of([but_group(thread, message)]), *named])


def is_ours(message: Json, thread: Any, us: str) -> bool:
    """Whether the business wrote a message of a shared history. `us`: the business's number, where
    Meta tells it.
    """
    writer, person = id_of(message.get("from")), id_of(thread)
    if inner(message, "history_context").get("from_me") is True:
        return True
    if not writer or writer == person:
        return False
    return writer[1][-ENDING:] == us[-ENDING:] if us else person is not None


def recipient(status: Json) -> Ids:
    """Every id of who a message was sent to; none for a group, whose id is no person's."""
    keys = ("recipient_user_id", "recipient_parent_user_id", "recipient_id")
    return ids_of(but_group(status.get(key), status) for key in keys)


def participant(status: Json) -> str:
    """Which member of a group a status speaks of. It tells two statuses apart, so what is no id
    stays as it came.
    """
    given = [status.get("recipient_participant_user_id"), status.get("recipient_participant_id")]
    return next((value for _, value in ids_of(given)), "") or next(
        filter(None, map(visible, given)), ""
    )


def recipient_of(answer: Json, to: str) -> Ids:
    """What Meta knows a message's recipient by, where that is not what it was addressed to: the
    authority on a wa_id.
    """
    contact = next(iter(objects(answer, "contacts")), {})
    return tuple(each for each in ids_of(ids_in(contact)) if each != id_of(to))


def ids_in(person: Json) -> list[Any]:
    """What stands for the ids of a person in a contact, and in items that are built like one."""
    return [person.get("user_id"), person.get("parent_user_id"), person.get("wa_id")]


def but_group(value: Any, item: Json) -> Any:
    """The value, unless it is a group's id."""
    return None if item.get("recipient_type") == "group" or value == item.get("group_id") else value


def owned_cards(message: Json) -> list[Json]:
    """The phones of cards that a person shared as their own when asked; a forwarded card is
    somebody else's.
    """
    if message.get("type") != "contacts":
        return []
    own = [
        card
        for card in objects(message, "contacts")
        if "contact_request" in (card.get("origin"), message.get("origin"))
    ]
    return [phone for card in own for phone in objects(card, "phones")][:OWN_PHONES]
