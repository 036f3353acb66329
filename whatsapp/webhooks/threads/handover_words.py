"""The words that a handover comes with: the roles before and after it, and a note. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from channels_app.events.messages import NOTE_LENGTH
from whatsapp.json_values import Json, inner, text
from whatsapp.webhooks.threads.changes import CHANGES

OF_WHOM = ("sender", "recipient", "metadata", "contacts")  # keys that speak of nobody's role
PLAIN = re.compile("[A-Za-z][A-Za-z_ -]{0,39}")
ROLES, DEPTH = 4, 3  # how many roles a sentence names, and how deep they are looked for
WHOSE = {
    "previous owner role": gettext_noop("previous owner"),
    "new owner role": gettext_noop("new owner"),
}
WHO = {"ai_agent": gettext_noop("AI agent"), "partner": gettext_noop("partner")}


def roles_in(handover: Json) -> list[str]:
    """The roles, as words for a sentence, as far as they are plain words: "new owner: primary"."""
    return list(roles_below(handover))[:ROLES]


def roles_below(part: Json, before: str = "", depth: int = DEPTH) -> Iterator[str]:
    for key, each in part.items():
        name = f"{before} {key}".strip()
        if isinstance(each, dict) and depth and key not in OF_WHOM:
            yield from roles_below(each, "" if key in CHANGES else name, depth - 1)
        elif "role" in key.lower() and plain(name) and plain(each):
            whose = spaced(name)
            yield f"{WHOSE.get(whose, whose)}: {WHO.get(each, spaced(each))}"


def spaced(word: str) -> str:
    return word.replace("_", " ")


def plain(value: Any) -> str:
    """The value if it is a short word that may stand in a sentence; else nothing."""
    return value if isinstance(value, str) and PLAIN.fullmatch(value) else ""


def note_of(handover: Json) -> str:
    """What the previous owner wrote for the next; an object as compact JSON."""
    given = inner(handover, text(handover.get("type"))).get("metadata")
    if isinstance(given, dict | list) and given:
        given = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return text(given)[:NOTE_LENGTH]
