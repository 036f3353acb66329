"""Read Meta's JSON tolerantly: a value that is not as documented reads as absent. Pure."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from channels_app.events import Event, Rejected
from channels_app.storable import Unstorable

EARLIEST, LATEST = 1_230_768_000, 4_102_444_800  # 2009 and 2100: a time outside is none
DIGITS = 1_000  # of a number that is still worth reading

Json = dict[str, Any]
Reader = Callable[..., Event]


def each(parent: Json, key: str, **where: str) -> Iterator[Any]:
    """The objects in parent[key]; a Rejected for what is none, and nothing where the key is
    absent.
    """
    children = parent.get(key, [])
    if not isinstance(children, list):
        yield rejected(f"{key} is not a list.", parent, **where)
        return
    for child in children:
        yield (
            child
            if isinstance(child, dict)
            else rejected(f"{key} holds something that is no object.", child, **where)
        )


def rejected(reason: str, part: Any, **where: Any) -> Rejected:
    """For a part that no reader is for. It is empty where it holds no object and no list that could
    be somebody's item.
    """
    held = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    is_empty = not any(child and isinstance(child, dict | list) for child in held)
    return Rejected(reason=reason, raw=part, is_empty=is_empty, **where)


def attempt(read: Reader, item: Json, *context: Any, **where: Any) -> Event:
    """The item's event; a Rejected, with what can be told of its channel, where it has none."""
    try:
        return read(item, *context, **where, raw=item)
    except Unstorable as error:
        reason = str(error)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"The item is not built as Meta documents it ({type(error).__name__})."
    return Rejected(reason=reason, raw=item, **where)


def inner(parent: Any, key: str) -> Json:
    """The object in parent[key]; an empty one where there is none."""
    child = parent.get(key) if isinstance(parent, dict) else None
    return child if isinstance(child, dict) else {}


def objects(parent: Json, key: str) -> list[Json]:
    """The objects in the list parent[key], without anything else it may hold."""
    return [child for child in listed(parent, key) if isinstance(child, dict)]


def listed(parent: Json, key: str) -> list[Any]:
    """The list parent[key]; an empty one where there is none."""
    children = parent.get(key)
    return children if isinstance(children, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def digits_or_text(value: Any) -> Any:
    """An id; Meta's own examples write some as numbers."""
    return str(value) if type(value) is int else value


def digits(value: Any) -> str:
    """A phone number's digits, however it is written."""
    return "".join(
        character
        for character in text(digits_or_text(value))
        if character.isascii() and character.isdigit()
    )


def moment(value: Any) -> datetime | None:
    """Unix seconds, a text of digits or an integer; None for anything that cannot be when it
    happened.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if type(value) is int and EARLIEST <= value <= LATEST:
        return datetime.fromtimestamp(value, UTC)
    return None


def integer(digits: str) -> float:
    """A number nobody could mean becomes infinite: its own item is refused for it, and not the
    whole body.
    """
    return int(digits) if len(digits) <= DIGITS else math.inf
