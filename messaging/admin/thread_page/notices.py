"""A provider's notices in a conversation, in the reader's language."""

import re

from django.utils.translation import gettext

SAID = re.compile(r"([^()]+?)(?: \(([^()]+)\))?\.")  # a sentence, with "what: which" in brackets


def in_words(notice: str) -> str:
    """Return a notice, which is stored in English, as far as its words have a translation."""
    found = SAID.fullmatch(notice)
    if found is None:
        return notice
    sentence, beside = found.groups("")
    told = ", ".join(": ".join(map(word, each.split(": "))) for each in beside.split(", "))
    return f"{word(sentence)} ({told})." if beside else f"{word(sentence)}."


def word(english: str) -> str:
    return gettext(english) if english else ""
