"""Read changes of ids, in system messages and in items of user_id_update. Pure.

Meta's page "System messages webhook reference" (11 August 2026): the ids as they are now stand in
the system object, those before in its `previous_*` keys. Older versions have `new_wa_id` for the
number now, `customer` for the one before, or name both in the sentence alone. `from` may be either.
"""

from typing import Any

from channels_app.events import Ids, Replacement
from whatsapp.id_forms import (
    BSUID,
    PARENT_BSUID,
    WA_ID,
    Id,
    id_of,
    ids_of,
    in_order,
    visible,
    written,
)
from whatsapp.json_values import Json, inner, text

NOW = ("user_id", "parent_user_id", "wa_id", "new_wa_id")
BEFORE = ("previous_user_id", "previous_parent_user_id", "customer")
NAMED = ("from", "from_user_id", "from_parent_user_id")
OF_NUMBERS, OF_PERSONS = (WA_ID, BSUID, PARENT_BSUID), (BSUID, PARENT_BSUID)
CHANGED = {
    "user_changed_number": OF_NUMBERS,
    "customer_changed_number": OF_NUMBERS,
    "user_changed_user_id": OF_PERSONS,
}
UPDATED = ("user_id", "parent_user_id")


def replacements_of_notice(message: Json) -> tuple[Replacement, ...]:
    """What a system message says has changed; nothing for any other message."""
    system = inner(message, "system")
    if not system:
        return ()
    said_before, said_now = sentence(system)
    before = [*given(system, BEFORE), *given(message, NAMED), said_before]
    now = [*given(system, NOW), said_now]
    kinds = CHANGED.get(text(system.get("type")), ())
    return tuple(change for kind in kinds if (change := first_change(kind, before, now)))


def first_change(kind: str, before: list[Id | None], now: list[Id | None]) -> Replacement | None:
    """From the best evidence of the old id, which the new one is not, to the best of the new
    one.
    """
    new = next((each[1] for each in now if each and each[0] == kind), "")
    old = next((each[1] for each in before if each and each[0] == kind and each[1] != new), "")
    return Replacement(kind=kind, old=old, new=new) if old and new else None


def sentence(system: Json) -> tuple[Id | None, Id | None]:
    """Both ids of `User Ada changed from OLD to NEW`; none of them where it does not name two."""
    words = " ".join(visible(system.get("body")).split())
    _, says_from, ids = f" {words}".rpartition(" from ")
    old, _, new = ids.partition(" to ")
    both = written(old), written(new.rstrip(".!"))
    return both if says_from and all(both) else (None, None)


def given(item: Json, keys: tuple[str, ...]) -> list[Id | None]:
    return [id_of(item.get(key)) for key in keys]


def told_of(message: Json, named: Ids) -> Ids:
    """Whom a system message is about, beside `named`, the ids that the message itself gives of
    them.

    What a change brings is left to its Replacement; where nothing else names anybody, it does.
    """
    system = inner(message, "system")
    if not system:
        return ()
    now, changes = ids_of(system.get(key) for key in NOW), replacements_of_notice(message)
    brought = in_order((each.kind, each.new) for each in changes)
    if not named:
        return now or brought or ids_of(system.get(key) for key in BEFORE)
    return (
        tuple(each for each in now if each not in brought)
        if text(system.get("type")) in CHANGED
        else ()
    )


def updated(update: Json) -> Ids:
    """Every id that an item of user_id_update gives of its person, as they are now."""
    return ids_of([*(inner(update, key).get("current") for key in UPDATED), update.get("wa_id")])


def replacements_of_update(update: Json) -> tuple[Replacement, ...]:
    """What an item of user_id_update says has changed."""
    pairs = [inner(update, key) for key in UPDATED]
    changes = (replaced(pair.get("previous"), pair.get("current")) for pair in pairs)
    return tuple(filter(None, changes))


def replaced(before: Any, now: Any) -> Replacement | None:
    old, new = id_of(before), id_of(now)
    if old and new and old[0] == new[0] and old != new:
        return Replacement(kind=new[0], old=old[1], new=new[1])
    return None
