"""Read the field `messaging_handovers`: who has a thread from now on. Pure.

Meta's page "messaging_handovers webhook reference": `control_passed` goes to the new owner,
`control_taken` to the previous one; giving a thread up is not reported. The names of the keys that
hold the roles are not known, and neither is whether several handovers come as a list: both are read
however they come. Whatever else is reported means that somebody else has the thread.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from channels_app.events import Ids, OwnerSource, ThreadNotice, ThreadOwner
from channels_app.events.messages import NOTE_LENGTH
from whatsapp.id_forms import PERSONAL, in_order, written
from whatsapp.json_values import Json, digits, digits_or_text, inner, moment, objects, text
from whatsapp.wording import in_brackets

KIND = "thread_owner"
PERSON = ("user_id", "parent_user_id", "wa_id", "phone_number")
OF_WHOM = ("sender", "recipient", "metadata", "contacts")
PLAIN = re.compile("[A-Za-z][A-Za-z_ -]{0,39}")
ROLES, DEPTH = 4, 3  # how many roles a sentence names, and how deep they are looked for


class Change(NamedTuple):
    owner: ThreadOwner
    told_by: OwnerSource
    sentence: str


CHANGES = {
    "control_passed": Change(
        ThreadOwner.US, OwnerSource.PASSED, "The conversation was passed to us"
    ),
    "control_taken": Change(
        ThreadOwner.OTHER, OwnerSource.TAKEN, "Another responder took the conversation"
    ),
}
UNCLEAR = Change(
    ThreadOwner.OTHER,
    OwnerSource.UNCLEAR,
    "Meta reported a change of who has the conversation, in a form that is not known",
)
ITS_OWN = {"sender", "type", *CHANGES}


def handovers_in(value: Json) -> list[Json]:
    """The value itself where it names a person or a change; else the objects of its lists, each
    with what the value says of our number.
    """
    if not ITS_OWN.isdisjoint(value):
        return [value]
    beside = {key: value[key] for key in ("recipient", "metadata") if key in value}
    listed = [
        {**beside, **item} for key in value if key not in OF_WHOM for item in objects(value, key)
    ]
    return listed or [value]


def read_handover(handover: Json, **where: Any) -> ThreadNotice:
    """Raises Unstorable where no person or no number can be read."""
    ours, change = number_in(handover), change_of(handover)
    said = f"{change.sentence}{in_brackets(*told_beside(handover, change))}."
    return ThreadNotice(
        external_id=id_of_handover(handover),
        contact_ids=person_of(handover),
        personal_kinds=PERSONAL,
        channel_number=digits(ours.get("display_phone_number")),
        kind=KIND,
        text=said,
        preview=said,
        owner=change.owner,
        told_by=change.told_by,
        note=note_of(handover),
        sent_at=time_of(handover.get("timestamp")),
        **{**where, "channel_external_id": text(digits_or_text(ours.get("phone_number_id")))},
    )


def number_in(value: Json) -> Json:
    """What is said of our number: in `recipient`, or where other fields say it."""
    places = [inner(value, key) for key in ("recipient", "metadata")]
    return next((each for each in places if "phone_number_id" in each), places[0])


def person_of(handover: Json) -> Ids:
    sender = inner(handover, "sender")
    found = (written(each) for each in (*map(sender.get, PERSON), handover.get("sender")))
    return in_order(filter(None, found))


def change_of(handover: Json) -> Change:
    """What the type says; unclear where the body holds another change than that, or holds it in no
    object.
    """
    kind = handover.get("type")
    present = {key: handover[key] for key in CHANGES if key in handover}
    is_built_as_documented = all(
        key == kind and isinstance(each, dict) for key, each in present.items()
    )
    known = CHANGES.get(kind) if isinstance(kind, str) and is_built_as_documented else None
    return known or UNCLEAR


def told_beside(handover: Json, change: Change) -> list[str]:
    """The type of an unclear change, and the roles, as far as they are plain words."""
    kind = plain(handover.get("type")) if change is UNCLEAR else ""
    body = {key: each for key, each in handover.items() if key not in OF_WHOM}
    return [*([f"type: {kind}"] if kind else []), *list(roles_in(body))[:ROLES]]


def roles_in(part: Json, before: str = "", depth: int = DEPTH) -> Iterator[str]:
    for key, each in part.items():
        name = f"{before} {key}".strip()
        if isinstance(each, dict) and depth and key != "metadata":
            yield from roles_in(each, "" if key in CHANGES else name, depth - 1)
        elif "role" in key.lower() and plain(name) and plain(each):
            yield f"{name.replace('_', ' ')}: {plain(each)}"


def plain(value: Any) -> str:
    """The value if it is a short word that may stand in a sentence; else nothing."""
    return value if isinstance(value, str) and PLAIN.fullmatch(value) else ""


def note_of(handover: Json) -> str:
    """What the previous owner wrote for the next; an object as compact JSON."""
    given = inner(handover, text(handover.get("type"))).get("metadata")
    if isinstance(given, dict | list) and given:
        given = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return text(given)[:NOTE_LENGTH]


def time_of(value: Any) -> datetime | None:
    """Seconds; or milliseconds, as Meta writes the time of Messenger's handovers."""
    shown = text(digits_or_text(value))
    return moment(value) or (moment(shown[:-3]) if len(shown) == 13 else None)


def id_of_handover(handover: Json) -> str:
    """Meta gives none. The same handover has the same again, and any other has another."""
    whole = json.dumps(handover, sort_keys=True)
    digest = hashlib.sha256(whole.encode()).hexdigest()[:32]
    kind = plain(handover.get("type")) or "unknown"
    seconds = digits(handover.get("timestamp"))[:20]
    return f"handover:{kind}:{seconds}:{digest}"
