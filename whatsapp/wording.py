"""How what Meta reports is put into a sentence, where no table knows its words. Pure."""

from datetime import UTC, datetime


def reported(subject: str, *words: str) -> str:
    """Of a subject, the words that are not empty; where there are none, that it has changed."""
    told = ", ".join(filter(None, words))
    return f"Meta reports of {subject}: {told}." if told else f"Meta reports a change of {subject}."


def in_brackets(*words: str) -> str:
    told = ", ".join(filter(None, words))
    return f" ({told})" if told else ""


def readable(moment: datetime) -> str:
    """A moment with its zone, as people write it: 5 December 2026, 14:03 UTC."""
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
