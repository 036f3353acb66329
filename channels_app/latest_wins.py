"""Last write wins: of words that a provider reports in any order, each for a moment, keep the
newest.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

Newest = dict[str, dict[str, str]]  # word -> {"value": ..., "at": ...}


def stamp(at: datetime) -> str:
    """Return the moment as a text that sorts as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def newer_of(known: Newest, words: Mapping[str, str], at: datetime) -> Newest:
    """Return those of the words that are newer than the known ones. Of two reports for the same
    moment the first stays.
    """
    moment = stamp(at)
    newer = {
        word: value
        for word, value in words.items()
        if word not in known or moment > known[word]["at"]
    }
    return {word: {"value": value, "at": moment} for word, value in newer.items()}
