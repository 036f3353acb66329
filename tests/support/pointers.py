"""Content as JSON, and what a fault points at in it."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from channels_app.content import Content, Fault, StoredFile


def as_json(content: Any) -> Any:
    """Its fields under their own names, tuples as lists; a stored file is one value."""
    if isinstance(content, tuple):
        return [as_json(each) for each in content]
    if is_dataclass(content) and not isinstance(content, StoredFile):
        return {field.name: as_json(getattr(content, field.name)) for field in fields(content)}
    return content


def leads_nowhere(content: Content, faults: Iterable[Fault]) -> list[tuple[Fault, str]]:
    """The faults that do not point into the content, with their pointers."""
    return [(fault, fault.pointer) for fault in faults if not leads(as_json(content), fault)]


def leads(value: Any, fault: Fault) -> bool:
    """Whether a pointer of RFC 6901 has something at its end."""
    start, *names = fault.pointer.split("/")
    for name in names:
        key = name.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return False
    return not start


def with_one_text(content: Any, text: str) -> Iterator[tuple[str, str, Any]]:
    """(pointer, the text there, the content with `text` in its place) for each text of a content,
    but for what is sent unchanged.
    """
    if isinstance(content, str):
        yield "", content, text
    elif isinstance(content, tuple):
        for index, inner in enumerate(content):
            before, after = content[:index], content[index + 1 :]
            for pointer, was, other in with_one_text(inner, text):
                yield f"/{index}{pointer}", was, (*before, other, *after)
    elif is_dataclass(content) and not isinstance(content, StoredFile):
        for field in fields(content):
            for pointer, was, other in with_one_text(getattr(content, field.name), text):
                yield f"/{field.name}{pointer}", was, replace(content, **{field.name: other})


def told(faults: Iterable[str]) -> list[tuple[str, str, str]]:
    """All that faults tell: they are equal as soon as their sentences are."""
    every = [fault if isinstance(fault, Fault) else Fault(fault) for fault in faults]
    return [(str(fault), fault.pointer, fault.code) for fault in every]
