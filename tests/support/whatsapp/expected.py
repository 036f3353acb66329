"""Short words for the expected events, and for webhooks that nobody recorded.

An event says what is particular to it; what all of the corpus share (account, number, Dana, the
time) is filled in here.
"""

import base64
import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from channels_app.events import (
    AddressBookEntry,
    Attachment,
    ChannelUpdate,
    Echo,
    Event,
    HistoryMessage,
    IdentityChange,
    InboundMessage,
    Preference,
    Rejected,
    Replacement,
    StatusUpdate,
    ThreadNotice,
)

ACCOUNT, NUMBER, DIALLED = "300000000000001", "400000000000001", "15550100001"
DANA, OMAR = ("wa_id", "12025550143"), ("wa_id", "12025550150")
DANA_BSUID, DANA_PARENT = (
    ("bsuid", "US.7001002003004005006"),
    ("parent_bsuid", "US.ENT.9001002003004005006"),
)
NEW_BSUID = ("bsuid", "US.7009998887776665554")
# of everything recorded, where it says no other time
AT = datetime.fromtimestamp(1_790_000_000, UTC)
CAME = {"account_id": ACCOUNT, "channel_external_id": NUMBER}
OF_A_CONTACT = {**CAME, "personal_kinds": ("bsuid", "parent_bsuid")}
OF_A_MESSAGE = {**OF_A_CONTACT, "channel_number": DIALLED, "sent_at": AT}

# The events of accounts, templates and errors are compared by their kind alone, as their readers
# are on the way.
COMPARED_WHOLE = {"calls", "group_lifecycle_update", "group_participants_update"}


def wamid(name: str) -> str:
    """The id of a recorded file's message; of one that we sent: "out-70". One that was made here is
    called as it is.
    """
    return (
        name
        if name.startswith("wamid.")
        else "wamid." + base64.b64encode(f"corpus:{name}".encode()).decode()
    )


def message(
    name: str, kind: str = "text", text: str = "", preview: str | None = None, **more: Any
) -> InboundMessage:
    """From Dana, who is called by her name; the preview is the text unless it is another."""
    told = {
        "contact_ids": (DANA,),
        "contact_name": "Dana Levi",
        "reply_to": DANA[1],
        **OF_A_MESSAGE,
        **more,
    }
    return InboundMessage(
        external_id=wamid(name),
        kind=kind,
        text=text,
        preview=text if preview is None else preview,
        **told,
    )


def echo(
    name: str, kind: str = "text", text: str = "", preview: str | None = None, **more: Any
) -> Echo:
    told = {"contact_ids": (DANA,), **OF_A_MESSAGE, **more}
    return Echo(
        external_id=wamid(name),
        kind=kind,
        text=text,
        preview=text if preview is None else preview,
        **told,
    )


def call(external_id: str, text: str, **more: Any) -> ThreadNotice:
    told = {"contact_ids": (DANA,), "contact_name": "Dana Levi", **OF_A_MESSAGE, **more}
    return ThreadNotice(external_id=external_id, kind="call", text=text, preview=text, **told)


def theirs(
    name: str, kind: str = "text", text: str = "", preview: str | None = None, **more: Any
) -> HistoryMessage:
    """A message of a shared history that the contact wrote."""
    told = {"contact_ids": (DANA,), "is_outbound": False, **OF_A_MESSAGE, **more}
    return HistoryMessage(
        external_id=wamid(name),
        kind=kind,
        text=text,
        preview=text if preview is None else preview,
        **told,
    )


def ours(name: str, *said: str, **more: Any) -> HistoryMessage:
    """The same that the business wrote."""
    return theirs(name, *said, **{"is_outbound": True, "status": "sent", **more})


def status(name: str, word: str, **more: Any) -> StatusUpdate:
    told = {"recipient_ids": (DANA,), "occurred_at": AT, **CAME, **more}
    return StatusUpdate(external_id=wamid(name), status=word, **told)


def identity(**more: Any) -> IdentityChange:
    return IdentityChange(**{"occurred_at": AT, **OF_A_CONTACT, **more})


def preference(wants_marketing: bool, **more: Any) -> Preference:
    told = {"contact_ids": (DANA_BSUID, DANA), "occurred_at": AT, **OF_A_CONTACT, **more}
    return Preference(wants_marketing=wants_marketing, **told)


def entry(person: tuple[str, str], saved_name: str, **more: Any) -> AddressBookEntry:
    return AddressBookEntry(
        contact_ids=(person,), saved_name=saved_name, **{"occurred_at": AT, **OF_A_CONTACT, **more}
    )


def channel(kind: str, **more: Any) -> ChannelUpdate:
    return ChannelUpdate(kind=kind, **{**CAME, **more})


def refused(reason: str, **more: Any) -> Rejected:
    return Rejected(reason=reason, **{**CAME, **more})


def became(person: tuple[str, str], another: tuple[str, str]) -> Replacement:
    return Replacement(kind=person[0], old=person[1], new=another[1])


def file(external_id: str, mime_type: str, sha256: str, filename: str = "") -> Attachment:
    return Attachment(
        external_id=external_id, mime_type=mime_type, sha256=sha256, filename=filename
    )


def priced(kind: str, category: str, billable: bool = True) -> dict[str, Any]:
    return {"billable": billable, "pricing_model": "PMP", "type": kind, "category": category}


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def is_compared_whole(event: Event) -> bool:
    return not isinstance(event, ChannelUpdate) or event.kind in COMPARED_WHOLE


def told(event: Event) -> tuple[str, dict[str, Any]]:
    """What an event says beside its raw item, to be compared."""
    names = (
        [each.name for each in fields(event) if each.name != "raw"]
        if is_compared_whole(event)
        else ["kind"]
    )
    return type(event).__name__, {name: getattr(event, name) for name in names}


def said(
    kind: str, *, wamid: str = "wamid.made", sender: Any = DANA[1], **more: Any
) -> dict[str, Any]:
    """A message as Meta writes it, with what the test wants in it."""
    return {"from": sender, "id": wamid, "timestamp": "1790000000", "type": kind, **more}


def webhook(field: str = "messages", **value: Any) -> bytes:
    """A body of one change; its value names Dana as its contact, unless it gives others."""
    metadata = {"display_phone_number": DIALLED, "phone_number_id": NUMBER}
    contacts = [{"profile": {"name": "Dana Levi"}, "wa_id": DANA[1]}]
    content = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, **value}
    change = {"field": field, "value": content}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}
    ).encode()
