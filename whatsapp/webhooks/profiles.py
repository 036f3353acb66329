"""Read the profiles of a change: what Meta says, beside its items, of the people they are about.
Pure.
"""

from typing import Any

from channels_app.events import Ids
from whatsapp.id_forms import BSUID, id_of, ids_of
from whatsapp.json_values import Json, objects
from whatsapp.webhooks.person_ids import ids_in

NAMING = ("from", "from_user_id", "to", "to_user_id")


class Contacts:
    """Who a change is about, besides its items: found by the ids that an item shares with them,
    never by their place.

    Meta says that a wa_id and the number a message comes from may differ, so the only contact of a
    change whose messages are all one person's is that person's.
    """

    def __init__(self, value: Json) -> None:
        listed = objects(value, "contacts")
        self.by_id = {id: each for each in reversed(listed) for id in ids_of(ids_in(each))}
        self.only = listed[0] if len(listed) == 1 and is_of_one_person(value) else None

    def of(self, *given: Any) -> Json:
        """The contact of who has these ids; an empty one where there is none, or where its BSUID is
        another's.
        """
        named = ids_of(given)
        for contact in (*map(self.by_id.get, named), self.only):
            if contact and not is_another(ids_of(ids_in(contact)), named):
                return contact
        return {}


def is_another(contact: Ids, named: Ids) -> bool:
    """Whether both have a BSUID, and none in common."""
    one, other = ({value for kind, value in ids if kind == BSUID} for ids in (contact, named))
    return bool(one and other) and one.isdisjoint(other)


def is_of_one_person(value: Json) -> bool:
    """Whether all messages of a change name the same person, and nothing else in it could be
    another's.
    """
    items = [*objects(value, "messages"), *objects(value, "message_echoes")]
    named = [[id_of(item.get(key)) for key in NAMING] for item in items]
    return (
        bool(named)
        and named.count(named[0]) == len(named)
        and not value.get("statuses")
        and not value.get("history")
    )
