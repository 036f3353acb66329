"""Read the field `standby`: what happens on threads that another responder has. Pure.

Meta's page "Standby webhooks": the person's messages, echoes of what the other responder sent, and
the statuses of those, in the shapes of `messages` and `smb_message_echoes`. They are for context:
nothing here closes a window, parks a channel or asks for an answer.
"""

from collections.abc import Collection
from typing import Any

from channels_app.events import ChannelUpdate, StandbyMessage
from whatsapp.errors.codes import written
from whatsapp.json_values import Json
from whatsapp.webhooks.error_items import words_of
from whatsapp.webhooks.messages import by_contact, to_contact
from whatsapp.webhooks.profiles import Contacts
from whatsapp.wording import reported

BESIDE = {"messaging_product", "metadata", "recipient", "contacts"}  # keys that hold no items


def read_message(message: Json, value: Json, contacts: Contacts, **where: Any) -> StandbyMessage:
    return StandbyMessage(is_outbound=False, **by_contact(message, value, contacts), **where)


def read_echo(message: Json, value: Json, contacts: Contacts, **where: Any) -> StandbyMessage:
    return StandbyMessage(is_outbound=True, **to_contact(message, value, contacts), **where)


def read_error(error: Json, value: Json, contacts: Contacts, **where: Any) -> ChannelUpdate:
    """An error that belongs to no message. It is for whoever has the thread, and parks nothing."""
    code = written(error.get("code"))
    summary = reported(
        "another responder's conversation", f"Graph error {code}" if code else "", words_of(error)
    )
    return ChannelUpdate(
        kind="errors", summary=summary, severity="warning", is_shared=True, **where
    )


def has_unread(value: Json, known: Collection[str]) -> bool:
    """Whether a change holds lists or objects beside the `known` ones, which nobody reads."""
    others = [each for key, each in value.items() if key not in {*known, *BESIDE}]
    return any(isinstance(each, list | dict) and each for each in others)
