"""Parse and normalize Meta's webhook JSON into our events. Pure: no database, no network.

Meta's words (wamid, wa_id, phone_number_id) end in this folder. An item that cannot be kept becomes
a Rejected and never touches its neighbours; a type or a field that Meta invents tomorrow is kept
whole under its own name.
"""

import json
from collections.abc import Iterator
from typing import Any

from channels_app.events import Event, Rejected
from whatsapp.json_values import (
    Json,
    Reader,
    attempt,
    digits_or_text,
    each,
    integer,
    rejected,
    text,
)
from whatsapp.webhooks.channel_updates.reader import read_error, updates_in
from whatsapp.webhooks.contact_updates import read_book_entry, read_id_update, read_preference
from whatsapp.webhooks.messages import read_echo, read_history, read_message
from whatsapp.webhooks.profiles import Contacts
from whatsapp.webhooks.statuses import read_anothers, read_status
from whatsapp.webhooks.threads import standby
from whatsapp.webhooks.threads.calls import read_call
from whatsapp.webhooks.threads.handovers import handovers_in, number_in, read_handover

Where = dict[str, str]


# The fields whose change holds lists of items about people, and what reads an item of each list.
LISTS: dict[str, dict[str, Reader]] = {
    "messages": {"messages": read_message, "statuses": read_status, "errors": read_error},
    "standby": {
        "messages": standby.read_message,
        "message_echoes": standby.read_echo,
        "statuses": read_anothers,
        "errors": standby.read_error,
    },
    "calls": {"calls": read_call},
    "smb_message_echoes": {"message_echoes": read_echo},
    "smb_app_state_sync": {"state_sync": read_book_entry},
    "user_id_update": {"user_id_update": read_id_update},
    "user_preferences": {"user_preferences": read_preference},
}


def parse(body: bytes) -> Iterator[Event]:
    """Every message, status and other item of every change of every entry, in their order."""
    try:
        payload = json.loads(body, parse_int=integer)
    except (ValueError, RecursionError):
        yield Rejected(reason="The body is not JSON that can be read.")
        return
    if (
        not isinstance(payload, dict)
        or payload.get("object", "whatsapp_business_account") != "whatsapp_business_account"
    ):
        yield Rejected(reason="The body is not a WhatsApp webhook.", raw=payload)
        return
    if "entry" not in payload:
        yield rejected("The body has no entry.", payload)
    for entry in each(payload, "entry"):
        yield from parse_entry(entry) if isinstance(entry, dict) else [entry]


def parse_entry(entry: Json) -> Iterator[Event]:
    if "changes" not in entry:
        yield rejected("An entry has no changes.", entry)
    for change in each(entry, "changes"):
        if isinstance(change, Rejected):
            yield change
        elif not isinstance(change.get("value"), dict) or not isinstance(change.get("field"), str):
            yield rejected("A change has no field or no value.", change)
        else:
            yield from parse_change(change["field"], change["value"], entry)


def parse_change(field: str, value: Json, entry: Json) -> Iterator[Event]:
    number = number_in(value).get("phone_number_id")
    where = {
        "account_id": text(digits_or_text(entry.get("id"))),
        "channel_external_id": text(digits_or_text(number)),
    }
    if field == "history" and not value.keys().isdisjoint(("history", "messages")):
        yield from parse_history(value, where)
    elif field == "messaging_handovers":
        yield from parse_handovers(value, where, entry)
    elif field in LISTS and not value.keys().isdisjoint(LISTS[field]):
        yield from parse_lists(LISTS[field], value, where)
        if field == "standby" and standby.has_unread(value, LISTS[field].keys()):
            yield from updates_in(field, value, entry.get("id"), entry.get("time"))
    else:
        yield from updates_in(field, value, entry.get("id"), entry.get("time"))


def parse_lists(readers: dict[str, Reader], value: Json, where: Where) -> Iterator[Event]:
    contacts = Contacts(value)
    for key, read in readers.items():
        for item in each(value, key, **where):
            yield (
                item
                if isinstance(item, Rejected)
                else attempt(read, item, value, contacts, **where)
            )


def parse_handovers(value: Json, where: Where, entry: Json) -> Iterator[Event]:
    """Each with the thread that it is about; one that names nobody is news of the channel."""
    for item in handovers_in(value):
        event = attempt(read_handover, item, **where)
        if isinstance(event, Rejected):
            yield from updates_in("messaging_handovers", item, entry.get("id"), entry.get("time"))
        else:
            yield event


def parse_history(value: Json, where: Where) -> Iterator[Event]:
    """Threads of messages, in chunks; later the files of some, as messages without a thread; or why
    nothing is shared.
    """
    contacts = Contacts(value)
    for chunk in each(value, "history", **where):
        yield from (
            [chunk] if isinstance(chunk, Rejected) else parse_chunk(chunk, value, contacts, where)
        )
    yield from parse_thread(value, None, value, contacts, where)


def parse_chunk(chunk: Json, value: Json, contacts: Contacts, where: Where) -> Iterator[Event]:
    for thread in each(chunk, "threads", **where):
        is_thread = isinstance(thread, dict)
        yield from (
            parse_thread(thread, thread.get("id"), value, contacts, where)
            if is_thread
            else [thread]
        )
    for error in each(chunk, "errors", **where):
        yield (
            error
            if isinstance(error, Rejected)
            else attempt(read_error, error, value, contacts, **where)
        )


def parse_thread(
    thread: Json, person: Any, value: Json, contacts: Contacts, where: Where
) -> Iterator[Event]:
    for item in each(thread, "messages", **where):
        yield (
            item
            if isinstance(item, Rejected)
            else attempt(read_history, item, value, contacts, person, **where)
        )
