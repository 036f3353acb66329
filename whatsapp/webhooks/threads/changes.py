"""What a handover says of a thread's owner. Pure."""

from typing import NamedTuple

from django.utils.translation import gettext_noop

from channels_app.events import OwnerSource, ThreadOwner
from whatsapp.json_values import Json


class Change(NamedTuple):
    owner: ThreadOwner
    told_by: OwnerSource
    sentence: str


CHANGES = {
    "control_passed": Change(
        ThreadOwner.US, OwnerSource.PASSED, gettext_noop("The conversation was passed to us")
    ),
    "control_taken": Change(
        ThreadOwner.OTHER,
        OwnerSource.TAKEN,
        gettext_noop("Another responder took the conversation"),
    ),
}
UNCLEAR = Change(
    ThreadOwner.OTHER,
    OwnerSource.UNCLEAR,
    gettext_noop("Meta reported a change of who has the conversation, in a form that is not known"),
)


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
