"""JSON that is written as it is read: an object or a list of any length takes the memory of one of
its items. Pure.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def text_of(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def list_of(values: Iterable[Any]) -> Iterator[str]:
    """Yield the text of a list, a value at a time."""
    yield "["
    for number, value in enumerate(values):
        yield f"{',' if number else ''}\n  {text_of(value)}"
    yield "]"


def object_of(members: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Yield the text of an object; each member is a name and the pieces of its value's text."""
    yield "{"
    for number, (name, pieces) in enumerate(members):
        yield f"{',' if number else ''}\n{text_of(name)}: "
        yield from pieces
    yield "}"
