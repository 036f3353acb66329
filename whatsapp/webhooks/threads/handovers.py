"""Read the field `messaging_handovers`: who has a thread from now on. Pure.

Meta's page "messaging_handovers webhook reference": `control_passed` goes to the new owner,
`control_taken` to the previous one; giving a thread up is not reported. The names of the keys that
hold the roles are not known, and neither is whether several handovers come as a list: both are read
however they come. Whatever else is reported means that somebody else has the thread.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from channels_app.events import Ids, ThreadNotice
from whatsapp.id_forms import PERSONAL, in_order, written
from whatsapp.json_values import Json, digits, digits_or_text, inner, moment, objects, text
from whatsapp.webhooks.threads.changes import CHANGES, UNCLEAR, change_of
from whatsapp.webhooks.threads.handover_words import OF_WHOM, note_of, plain, roles_in
from whatsapp.wording import in_brackets

KIND = "thread_owner"
PERSON = ("user_id", "parent_user_id", "wa_id", "phone_number")
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
    kind = plain(handover.get("type")) if change is UNCLEAR else ""
    beside = in_brackets(f"type: {kind}" if kind else "", *roles_in(handover))
    said = f"{change.sentence}{beside}."
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
    """What is said of our number: in `metadata`, as everywhere, or in a handover's `recipient`."""
    places = [inner(value, key) for key in ("metadata", "recipient")]
    return next((each for each in places if "phone_number_id" in each), places[0] or places[1])


def person_of(handover: Json) -> Ids:
    sender = inner(handover, "sender")
    found = (written(each) for each in (*map(sender.get, PERSON), handover.get("sender")))
    return in_order(filter(None, found))


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
