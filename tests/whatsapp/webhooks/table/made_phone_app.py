"""What staff do in the phone app, as nobody recorded it: echoes, history, address book; body and
events by what is theirs.
"""

from typing import Any

from channels_app.events import Event
from tests.support.whatsapp.expected import (
    DANA,
    DANA_BSUID,
    DANA_PARENT,
    DIALLED,
    NUMBER,
    channel,
    echo,
    entry,
    file,
    ours,
    refused,
    said,
    theirs,
    webhook,
)

Case = tuple[bytes, list[Event]]
AIM = "wamid.aim"
GROUP = "Y29ycHVzX2dyb3Vw"


def echoes(kind: str, *words: str, told: dict[str, Any] | None = None, **more: Any) -> Case:
    item = said(kind, **{"sender": DIALLED, "to": DANA[1], **more})
    known = {"contact_name": "Dana Levi", **(told or {})}
    return webhook("smb_message_echoes", message_echoes=[item]), [
        echo("wamid.made", kind, *words, **known)
    ]


ECHOES = {
    "echo of an image": echoes(
        "image",
        "new",
        "Photo: new",
        image={"id": "4", "mime_type": "image/png", "caption": "new"},
        told={"attachment": file("4", "image/png", "")},
    ),
    "echo of a revoke": echoes(
        "revoke",
        "",
        "Message deleted",
        revoke={"original_message_id": AIM},
        told={"target_external_id": AIM},
    ),
    "echo of an edit": echoes(
        "edit",
        "b",
        "Edited: b",
        edit={"original_message_id": AIM, "message": {"type": "text", "text": {"body": "b"}}},
        told={"target_external_id": AIM},
    ),
    "echo of a reply": echoes(
        "text", "b", text={"body": "b"}, context={"id": AIM}, told={"quoted_external_id": AIM}
    ),
    "echo to a BSUID": echoes(
        "text",
        "b",
        text={"body": "b"},
        to=None,
        to_user_id=DANA_BSUID[1],
        to_parent_user_id=DANA_PARENT[1],
        told={"contact_ids": (DANA_BSUID, DANA_PARENT, DANA)},
    ),
    "echo to nobody": (
        webhook("smb_message_echoes", contacts=[], message_echoes=[said("text", sender=DIALLED)]),
        [refused("The item names no contact.")],
    ),
}


def thread(person: Any, *messages: dict, **value: Any) -> bytes:
    chunk = {
        "metadata": {"phase": 0, "chunk_order": 1, "progress": 50},
        "threads": [{"id": person, "messages": list(messages)}],
    }
    return webhook("history", **{"contacts": [], "history": [chunk], **value})


def old(kind: str = "text", word: str = "", **more: Any) -> dict[str, Any]:
    return said(kind, **{"text": {"body": "a"}, "history_context": {"status": word}, **more})


BRAZIL, BRAZIL_WITHOUT = "5531988887777", "553188887777"
IMAGE = {"image": {"id": "4", "mime_type": "image/png", "sha256": "i="}}
OWN_FORM = {"metadata": {"display_phone_number": "+55 31 98888-7777", "phone_number_id": NUMBER}}
HISTORY = {
    **{
        f"history of the status {word}": (
            thread(DANA[1], old(word=word, sender=DIALLED)),
            [ours("wamid.made", "text", "a", status=known)],
        )
        for word, known in {
            "PENDING": "accepted",
            "SENT": "sent",
            "DELIVERED": "delivered",
            "READ": "read",
            "PLAYED": "played",
            "ERROR": "failed",
            "read": "read",
            "NEW": "sent",
        }.items()
    },
    "history of who has no phone": (
        thread(DANA_BSUID[1], old(sender=None, from_user_id=DANA_BSUID[1])),
        [theirs("wamid.made", text="a", contact_ids=(DANA_BSUID,))],
    ),
    "history to who has no phone": (
        thread(DANA_BSUID[1], old(sender=DIALLED, to_user_id=DANA_BSUID[1])),
        [ours("wamid.made", "text", "a", contact_ids=(DANA_BSUID,))],
    ),
    "history with both ids": (
        thread(DANA[1], old(from_user_id=DANA_BSUID[1])),
        [theirs("wamid.made", text="a", contact_ids=(DANA_BSUID, DANA))],
    ),
    "history whose thread has another form": (
        thread(BRAZIL, old(sender=BRAZIL_WITHOUT)),
        [
            theirs(
                "wamid.made", text="a", contact_ids=(("wa_id", BRAZIL), ("wa_id", BRAZIL_WITHOUT))
            )
        ],
    ),
    "history whose business has another form": (
        thread(DANA[1], old(sender=BRAZIL_WITHOUT), **OWN_FORM),
        [ours("wamid.made", "text", "a", channel_number=BRAZIL)],
    ),
    "history that says whose it is": (
        thread(DANA[1], old(sender="1", history_context={"from_me": True, "status": "delivered"})),
        [ours("wamid.made", "text", "a", status="delivered")],
    ),
    "history without our number": (
        thread(DANA[1], old(sender=DIALLED), metadata={"phone_number_id": NUMBER}),
        [ours("wamid.made", "text", "a", channel_number="")],
    ),
    "file of a history, theirs": (
        webhook("history", contacts=[], messages=[old("image", **IMAGE)]),
        [theirs("wamid.made", "image", "", "Photo", attachment=file("4", "image/png", "i="))],
    ),
    "file of a history, ours": (
        webhook(
            "history", contacts=[], messages=[old("image", sender=DIALLED, to=DANA[1], **IMAGE)]
        ),
        [ours("wamid.made", "image", "", "Photo", attachment=file("4", "image/png", "i="))],
    ),
    "history declined": (
        webhook(
            "history",
            contacts=[],
            history=[{"errors": [{"code": 2593109, "title": "History sharing is turned off"}]}],
        ),
        [channel("errors")],
    ),
    "history that is over": (
        webhook("history", history=[{"metadata": {"phase": 2, "progress": 100}}]),
        [],
    ),
    "history of a shape of tomorrow": (webhook("history", dialogues=[]), [channel("history")]),
}


def booked(**more: Any) -> bytes:
    item = {
        "type": "contact",
        "contact": {"phone_number": "+1 (202) 555-0143"},
        "action": "add",
        "metadata": {"timestamp": "1790000000"},
    }
    return webhook("smb_app_state_sync", contacts=[], state_sync=[{**item, **more}])


BOOK = {
    "address written by hand": (
        booked(contact={"phone_number": "+1 (202) 555-0143", "first_name": "Dana"}),
        [entry(DANA, "Dana")],
    ),
    "address without a name": (booked(), [entry(DANA, "")]),
    "address taken out with its name": (
        booked(action="remove", contact={"phone_number": DANA[1], "full_name": "Dana"}),
        [entry(DANA, "")],
    ),
    "address without a number": (
        booked(contact={"full_name": "Dana"}),
        [refused("The item names no contact.")],
    ),
    "change without a known list": (
        webhook("user_preferences", wishes=[]),
        [channel("user_preferences")],
    ),
}
CASES: dict[str, Case] = {**ECHOES, **HISTORY, **BOOK}
