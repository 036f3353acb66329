"""Read the field `calls`: a call that has ended is something that happened in the thread. Pure.

Meta's page "Calling API and webhook reference": the event `terminate` ends every call, whoever hung
up, and has a `duration` only where the other side picked up. A call that begins, and what becomes
of it meanwhile, stay in their delivery.
"""

from typing import Any

from channels_app.events import ChannelUpdate, Event, ThreadNotice
from whatsapp.id_forms import PERSONAL
from whatsapp.json_values import Json, digits, inner, moment, text
from whatsapp.webhooks import person_ids
from whatsapp.webhooks.messages import profile
from whatsapp.webhooks.profiles import Contacts
from whatsapp.webhooks.threads.call_words import seconds_of, sentence

FIELD = "calls"
ENDED = "terminate"
BY_US, BY_CONTACT = "BUSINESS_INITIATED", "USER_INITIATED"


def read_call(call: Json, value: Json, contacts: Contacts, **where: Any) -> Event:
    us = digits(inner(value, "metadata").get("display_phone_number"))
    is_ours = is_by_us(call, us)
    way = "to" if is_ours else "from"
    contact = contacts.of(call.get(f"{way}_user_id"), call.get(way))
    named = (person_ids.receiver if is_ours else person_ids.sender)(call, contact)
    if call.get("event") != ENDED or not named or not text(call.get("id")):
        return ChannelUpdate(kind=FIELD, **where)
    said = sentence(is_ours, seconds_of(call.get("duration")))
    return ThreadNotice(
        external_id=call["id"],
        contact_ids=named,
        personal_kinds=PERSONAL,
        channel_number=us,
        kind="call",
        text=said,
        preview=said,
        sent_at=moment(call.get("timestamp")),
        **profile(contact),
        **where,
    )


def is_by_us(call: Json, us: str) -> bool:
    """`us`: our number, which tells it where Meta names no direction."""
    direction = call.get("direction")
    return direction == BY_US or (direction != BY_CONTACT and digits(call.get("from")) == us != "")
