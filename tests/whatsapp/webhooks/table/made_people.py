"""Who a message is from: contacts that differ from it, cards, notices of changed ids; body and
events by what is particular.
"""

from typing import Any

from channels_app.events import Event
from tests.support.whatsapp.expected import (
    DANA,
    DANA_BSUID,
    DANA_PARENT,
    NEW_BSUID,
    OMAR,
    became,
    identity,
    message,
    preference,
    refused,
    said,
    webhook,
)

Case = tuple[bytes, list[Event]]
NAMED = {"profile": {"name": "Dana Levi"}}
NEW_NUMBER, OTHER_FORM = ("wa_id", "12025550199"), ("wa_id", "5531988887777")
WORDS = {"text": {"body": "a"}}
BSUID_ONLY = {"contact_ids": (DANA_BSUID,), "reply_to": DANA_BSUID[1]}
MOVED = "User Dana Levi changed from 12025550143 to 12025550199"
RENAMED = f"User Dana Levi changed from {DANA_BSUID[1]} to {NEW_BSUID[1]}"
CARD = {"phones": [{"phone": "+1 (202) 555-0143", "wa_id": "12025550143"}]}
FORWARDED = {"phones": [{"phone": "+1 (202) 555-0150", "wa_id": "12025550150"}]}


def text(contacts: Any, *, told: dict[str, Any], **more: Any) -> Case:
    return webhook(contacts=contacts, messages=[said("text", **WORDS, **more)]), [
        message("wamid.made", text="a", **told)
    ]


def bsuid(person: tuple[str, str] = DANA_BSUID) -> dict[str, Any]:
    """What a message has that comes from a BSUID alone; its number is missing, not empty."""
    return {"sender": None, "from_user_id": person[1]}


def notice(
    kind: str,
    body: str,
    contact_ids: tuple,
    reply_to: str,
    *replacements: Any,
    sender: Any = None,
    **more: Any,
) -> Case:
    """A notice without contacts. `more`: of the system object, but for what the message itself says
    of its sender.
    """
    own = {key: more.pop(key) for key in ("from_user_id",) if key in more}
    item = said("system", sender=sender, system={"type": kind, "body": body, **more}, **own)
    told = {
        "contact_ids": contact_ids,
        "reply_to": reply_to,
        "replacements": replacements,
        "contact_name": "",
    }
    return webhook(contacts=[], messages=[item]), [
        message("wamid.made", "system", body, f"Notice: {body}", **told)
    ]


SENDERS = {
    "both ids and the parent's": text(
        [{**NAMED, "wa_id": DANA[1], "user_id": DANA_BSUID[1], "parent_user_id": DANA_PARENT[1]}],
        from_user_id=DANA_BSUID[1],
        from_parent_user_id=DANA_PARENT[1],
        told={"contact_ids": (DANA_BSUID, DANA_PARENT, DANA)},
    ),
    "BSUID alone, its contact knows the number": text(
        [{**NAMED, "wa_id": DANA[1], "user_id": DANA_BSUID[1]}],
        **bsuid(),
        told={**BSUID_ONLY, "contact_ids": (DANA_BSUID, DANA)},
    ),
    "wa_id as a number": text([{**NAMED, "wa_id": int(DANA[1])}], sender=int(DANA[1]), told={}),
    "wa_id as a number beside a text": text([{**NAMED, "wa_id": int(DANA[1])}], told={}),
    "one contact whose wa_id differs": text(
        [{**NAMED, "wa_id": OTHER_FORM[1]}],
        sender="553188887777",
        told={"contact_ids": (("wa_id", "553188887777"), OTHER_FORM), "reply_to": "553188887777"},
    ),
    "one contact whose BSUID is another's": text(
        [{**NAMED, "wa_id": DANA[1], "user_id": NEW_BSUID[1]}],
        from_user_id=DANA_BSUID[1],
        told={"contact_ids": (DANA_BSUID, DANA), "contact_name": ""},
    ),
    "BSUID before number": text(
        [{"profile": {"name": "Omar"}, "wa_id": DANA[1]}, {**NAMED, "user_id": DANA_BSUID[1]}],
        from_user_id=DANA_BSUID[1],
        told={"contact_ids": (DANA_BSUID, DANA)},
    ),
    "contact of wrong types": text(
        [{**NAMED, "wa_id": DANA[1], "user_id": ["x"], "parent_user_id": {"a": 1}}], told={}
    ),
    "contact whose name is an object": text(
        [{"profile": {"name": {}}, "wa_id": DANA[1]}], told={"contact_name": ""}
    ),
    "contacts that are no list": text({"wa_id": DANA[1]}, told={"contact_name": ""}),
    "two senders, one contact": (
        webhook(
            contacts=[{**NAMED, "wa_id": OTHER_FORM[1]}],
            messages=[
                said("text", **WORDS),
                said("text", wamid="wamid.2", sender=OMAR[1], **WORDS),
            ],
        ),
        [
            message("wamid.made", text="a", contact_name=""),
            message("wamid.2", text="a", contact_ids=(OMAR,), reply_to=OMAR[1], contact_name=""),
        ],
    ),
    "one contact, one sender, two messages": (
        webhook(
            contacts=[{**NAMED, "wa_id": OTHER_FORM[1]}],
            messages=[said("text", **WORDS), said("text", wamid="wamid.2", **WORDS)],
        ),
        [
            message(each, text="a", contact_ids=(DANA, OTHER_FORM))
            for each in ("wamid.made", "wamid.2")
        ],
    ),
    "nobody": (
        webhook(messages=[said("text", sender=None, **WORDS)], contacts=[]),
        [refused("The item names no contact.")],
    ),
}
CARDS = {
    "own card": (
        webhook(messages=[said("contacts", contacts=[{**CARD, "origin": "contact_request"}])]),
        [
            message(
                "wamid.made",
                "contacts",
                "+1 (202) 555-0143",
                "Contact: +1 (202) 555-0143",
                contact_ids=(DANA, ("phone", "12025550143")),
            )
        ],
    ),
    "own card, as the message says": (
        webhook(
            contacts=[{**NAMED, "user_id": DANA_BSUID[1]}],
            messages=[
                said(
                    "contacts",
                    **bsuid(),
                    origin="contact_request",
                    contacts=[{"phones": [{"phone": "+12025550143"}]}],
                )
            ],
        ),
        [
            message(
                "wamid.made",
                "contacts",
                "+12025550143",
                "Contact: +12025550143",
                **{**BSUID_ONLY, "contact_ids": (DANA_BSUID, ("phone", "12025550143"))},
            )
        ],
    ),
    "somebody else's card": (
        webhook(
            messages=[said("contacts", origin="other", contacts=[{**FORWARDED, "origin": "other"}])]
        ),
        [message("wamid.made", "contacts", "+1 (202) 555-0150", "Contact: +1 (202) 555-0150")],
    ),
    "a card in a text": (
        webhook(
            messages=[said("text", **WORDS, contacts=[{**FORWARDED, "origin": "contact_request"}])]
        ),
        [message("wamid.made", text="a")],
    ),
}
NUMBER_CHANGED, PERSON_CHANGED = became(DANA, NEW_NUMBER), became(DANA_BSUID, NEW_BSUID)
NOTICES = {
    "number changed, BSUIDs too": notice(
        "user_changed_number",
        MOVED,
        (DANA_BSUID, DANA),
        NEW_NUMBER[1],
        NUMBER_CHANGED,
        PERSON_CHANGED,
        sender=DANA[1],
        from_user_id=DANA_BSUID[1],
        wa_id=NEW_NUMBER[1],
        user_id=NEW_BSUID[1],
    ),
    "number changed, told in words alone": notice(
        "user_changed_number", MOVED, (DANA,), NEW_NUMBER[1], NUMBER_CHANGED, sender=DANA[1]
    ),
    "number changed, from the new one": notice(
        "user_changed_number",
        MOVED,
        (NEW_NUMBER,),
        NEW_NUMBER[1],
        NUMBER_CHANGED,
        sender=NEW_NUMBER[1],
        wa_id=NEW_NUMBER[1],
    ),
    "number changed, from nobody": notice(
        "user_changed_number",
        MOVED,
        (NEW_NUMBER,),
        NEW_NUMBER[1],
        NUMBER_CHANGED,
        wa_id=NEW_NUMBER[1],
    ),
    "number changed of a BSUID": notice(
        "user_changed_number",
        MOVED,
        (DANA_BSUID,),
        DANA_BSUID[1],
        NUMBER_CHANGED,
        from_user_id=DANA_BSUID[1],
        wa_id=NEW_NUMBER[1],
    ),
    "BSUID changed, from the old one": notice(
        "user_changed_user_id",
        RENAMED,
        (DANA_BSUID,),
        NEW_BSUID[1],
        PERSON_CHANGED,
        from_user_id=DANA_BSUID[1],
        user_id=NEW_BSUID[1],
    ),
    "BSUID changed, from the new one": notice(
        "user_changed_user_id",
        RENAMED,
        (NEW_BSUID,),
        NEW_BSUID[1],
        PERSON_CHANGED,
        from_user_id=NEW_BSUID[1],
        user_id=NEW_BSUID[1],
    ),
    "BSUID changed, with a number": notice(
        "user_changed_user_id",
        RENAMED,
        (NEW_BSUID, DANA),
        NEW_BSUID[1],
        PERSON_CHANGED,
        user_id=NEW_BSUID[1],
        wa_id=DANA[1],
    ),
    "something new": notice(
        "user_changed_hat", "hats", (DANA,), DANA[1], sender=DANA[1], user_id=NEW_BSUID[1]
    ),
}
PREFERENCE = {
    "user_id": DANA_BSUID[1],
    "wa_id": DANA[1],
    "category": "marketing_messages",
    "timestamp": 1_790_000_000,
}


def prefers(**more: Any) -> bytes:
    return webhook("user_preferences", contacts=[], user_preferences=[{**PREFERENCE, **more}])


def changes(**more: Any) -> bytes:
    return webhook(
        "user_id_update", contacts=[], user_id_update=[{"timestamp": "1790000000", **more}]
    )


TOLD = {
    "resume": (prefers(value="resume"), [preference(True)]),
    "signup": (prefers(value="signup"), [preference(True)]),
    "stop of a BSUID": (
        prefers(value="stop", wa_id=None),
        [preference(False, contact_ids=(DANA_BSUID,))],
    ),
    "stop of something else": (
        prefers(value="stop", category="utility_messages"),
        [refused("The preference is about something else than marketing.")],
    ),
    "a wish of tomorrow": (
        prefers(value="maybe"),
        [refused("The item is not built as Meta documents it (KeyError).")],
    ),
    "BSUIDs without a number": (
        changes(
            user_id={"previous": DANA_BSUID[1], "current": NEW_BSUID[1]},
            parent_user_id={"previous": DANA_PARENT[1], "current": "US.ENT.2"},
        ),
        [
            identity(
                contact_ids=(NEW_BSUID, ("parent_bsuid", "US.ENT.2")),
                replacements=(PERSON_CHANGED, became(DANA_PARENT, ("parent_bsuid", "US.ENT.2"))),
            )
        ],
    ),
    "BSUID without its old one": (
        changes(wa_id=DANA[1], user_id={"current": NEW_BSUID[1]}),
        [identity(contact_ids=(NEW_BSUID, DANA))],
    ),
    "BSUID of a contact known by the old one": (
        webhook(
            "user_id_update",
            contacts=[{**NAMED, "user_id": DANA_BSUID[1]}],
            user_id_update=[
                {
                    "user_id": {"previous": DANA_BSUID[1], "current": NEW_BSUID[1]},
                    "timestamp": "1790000000",
                }
            ],
        ),
        [
            identity(
                contact_ids=(NEW_BSUID,), replacements=(PERSON_CHANGED,), contact_name="Dana Levi"
            )
        ],
    ),
}
CASES: dict[str, Case] = {**SENDERS, **CARDS, **NOTICES, **TOLD}
