"""Sanitize values for PostgreSQL: text that a person wrote is repaired, identifiers that it would
refuse are not.
"""

import math
import re
from collections.abc import Callable
from typing import Any, NoReturn

ID_BYTES = 512
NAME_LENGTH = 256
KIND_LENGTH = 64
TEXT_LENGTH = 65_536

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class Unstorable(ValueError):
    """An item that the database would refuse; the message is a sentence for the operator."""


def storable_text(text: str, length: int = TEXT_LENGTH) -> str:
    return UNWRITABLE.sub("\ufffd", text)[:length]


def storable_words(text: str, length: int = ID_BYTES) -> str:
    """Return a text that an index can hold: bounded in bytes."""
    return storable_text(text).encode()[:length].decode(errors="ignore")


def storable_id(value: Any) -> str:
    """Return the identifier as it came. It is compared for equality, so it is never repaired."""
    if not isinstance(value, str) or not value:
        raise Unstorable("An identifier is missing or not a text.")
    if UNWRITABLE.search(value) or len(value.encode()) > ID_BYTES:
        raise Unstorable(
            f"An identifier is longer than {ID_BYTES} bytes or holds characters that cannot be"
            " stored."
        )
    return value


def storable_json(value: Any) -> Any:
    """Return the item as PostgreSQL's jsonb takes it. Raises Unstorable for numbers that it does
    not.
    """
    return repaired(value, refused)


def comparable_json(value: Any) -> Any:
    """Return the item as `storable_json` does, with words for numbers that it refuses: two arrivals
    of one item are equal, and what is stored of it equals both.
    """
    return repaired(value, str)


def repaired(value: Any, unstorable: Callable[[float], Any]) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return unstorable(value)
    if isinstance(value, dict):
        return {storable_text(key): repaired(inner, unstorable) for key, inner in value.items()}
    if isinstance(value, list):
        return [repaired(inner, unstorable) for inner in value]
    return value


def refused(_: float) -> NoReturn:
    raise Unstorable("A number is too large, or not a number.")
