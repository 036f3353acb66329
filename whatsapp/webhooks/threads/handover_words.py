"""The words that a handover comes with: the roles before and after it, and a note. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any

from channels_app.events.messages import NOTE_LENGTH
from whatsapp.json_values import Json, inner, text
from whatsapp.webhooks.threads.changes import CHANGES

OF_WHOM = ("sender", "recipient", "metadata", "contacts")  # keys that speak of nobody's role
PLAIN = re.compile("[A-Za-z][A-Za-z_ -]{0,39}")
ROLES, DEPTH = 4, 3  # how many roles a sentence names, and how deep they are looked for


def roles_in(handover: Json) -> list[str]:
    """The roles, as words for a sentence, as far as they are plain words: "new role: primary"."""
    return list(roles_below(handover))[:ROLES]


def roles_below(part: Json, before: str = "", depth: int = DEPTH) -> Iterator[str]:
    for key, each in part.items():
        name = f"{before} {key}".strip()
        if isinstance(each, dict) and depth and key not in OF_WHOM:
            yield from roles_below(each, "" if key in CHANGES else name, depth - 1)
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
