"""The contacts of a change: what Meta says, beside its items, of the people they are about. Pure."""

from typing import Any

from channels_app.storable import Unstorable, storable_id
from whatsapp.items import Json, digits_or_text, objects, text


class Contacts:
    """Who a change is about, besides its items: found by the ids that an item shares with them, never by their place.

    Meta says that a wa_id and the number a message comes from may differ, so the only contact of a change whose messages are
    all one person's is that person's.
    """

    def __init__(self, value: Json) -> None:
        listed = [readable(contact) for contact in objects(value, "contacts")]
        self.by_id = {(key, each[key]): each for each in reversed(listed) for key in ("wa_id", "user_id") if each[key]}
        self.only = listed[0] if len(listed) == 1 and is_of_one_person(value) else None

    def of(self, user_id: Any, wa_id: Any) -> Json:
        """The contact of who has these ids; an empty one where there is none, or where its BSUID is another's."""
        person, number = stated(user_id), stated(wa_id)
        for contact in (self.by_id.get(("user_id", person)), self.by_id.get(("wa_id", number)), self.only):
            if contact and (not person or contact["user_id"] in ("", person)):
                return contact
        return {}


def readable(contact: Json) -> Json:
    """A contact whose ids are such as can be kept: what is wrong with it must not cost its message."""
    return contact | {key: stated(contact.get(key)) for key in ("wa_id", "user_id", "parent_user_id")}


def stated(value: Any) -> str:
    try:
        return storable_id(digits_or_text(value))
    except Unstorable:
        return ""


def is_of_one_person(value: Json) -> bool:
    """Whether all messages of a change name the same person, and nothing else in it could be another's."""
    items = [*objects(value, "messages"), *objects(value, "message_echoes")]
    named = [[text(digits_or_text(item.get(key))) for key in ("from", "from_user_id", "to", "to_user_id")] for item in items]
    return bool(named) and named.count(named[0]) == len(named) and not value.get("statuses") and not value.get("history")
