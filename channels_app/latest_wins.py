"""Last write wins: of words that a provider tells in any order, each with the moment it was told
for, keep the newest.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

Newest = dict[str, dict[str, str]]  # word -> {"value": ..., "at": ...}


def stamp(at: datetime) -> str:
    """The moment as a text that sorts as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def newer_of(known: Newest, words: Mapping[str, str], at: datetime) -> Newest:
    """Which of the words are newer than what is known. What was told first for a moment stays."""
    moment = stamp(at)
    newer = {
        word: value
        for word, value in words.items()
        if word not in known or moment > known[word]["at"]
    }
    return {word: {"value": value, "at": moment} for word, value in newer.items()}
