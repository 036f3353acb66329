"""Recorded webhooks, changed: a part of their JSON, or their bytes."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.support.whatsapp import corpus
from tests.whatsapp.webhooks.any_json import JSON, KEYS

MARK = "mark of the item"
BODIES = [(corpus.FOLDER / case["file"]).read_bytes() for case in corpus.CASES]


def marked(body: bytes) -> Any:
    """The body's JSON, with a mark of its own in each object that is an item of it."""
    payload = json.loads(body)
    for number, item in enumerate(corpus.items_of(payload)):
        if isinstance(item, dict):
            item[MARK] = f"item {number}"
    return payload


MARKED = [marked(body) for body in BODIES]


def marks_in(part: Any) -> set[str]:
    """Every mark at every depth."""
    if isinstance(part, dict):
        own = {part[MARK]} if re.match(r"item \d", str(part.get(MARK))) else set()
        return own.union(*map(marks_in, part.values()))
    return set().union(*map(marks_in, part)) if isinstance(part, list) else set()


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list of the JSON, with each key or index that it has."""
    keys = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in list(keys):
        yield part, key
        yield from places(part[key])


# those whose items stand in lists: what lies around those stays as Meta builds it
LISTED = [
    payload
    for payload in MARKED
    if payload["object"] == "whatsapp_business_account"
    and not any(
        MARK in change["value"] for entry in payload["entry"] for change in entry["changes"]
    )
]
PARTS = [holder[key] for payload in MARKED for holder, key in places(payload)]


@st.composite
def mutated_json(draw: st.DrawFn) -> Any:
    """A recorded body with one to four of its parts replaced, taken away, doubled or wrapped."""
    payload = copy.deepcopy(draw(st.sampled_from(MARKED)))
    for _ in range(draw(st.integers(1, 4))):
        mutate(draw, *draw(st.sampled_from(list(places(payload)) or [({}, "")])))
    return payload


@st.composite
def mutated_items(draw: st.DrawFn) -> Any:
    """The same, but that what its items lie in is as Meta builds it."""
    payload = copy.deepcopy(draw(st.sampled_from(LISTED)))
    for _ in range(draw(st.integers(1, 4))):
        within = [place for item in corpus.items_of(payload) for place in places(item)]
        mutate(draw, *draw(st.sampled_from(within or [({}, "")])))
    return payload


def mutate(draw: st.DrawFn, holder: Any, key: Any) -> None:
    how = draw(st.sampled_from(["replace", "another's", "take away", "double", "wrap", "more"]))
    if how == "take away" and holder:
        del holder[key]
    elif how == "another's":
        holder[key] = copy.deepcopy(draw(st.sampled_from(PARTS)))
    elif how == "double" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif how == "wrap":
        holder[key] = [holder.get(key)] if isinstance(holder, dict) else [holder[key]]
    elif how == "more" and isinstance(holder, dict):
        holder[draw(KEYS)] = draw(JSON)
    else:
        holder[key] = draw(JSON)


@st.composite
def mutated_bytes(draw: st.DrawFn) -> bytes:
    """A recorded body with one to six slices of its bytes replaced, by others or by nothing."""
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        length = draw(st.integers(0, 8))
        body[start : start + length] = draw(st.binary(max_size=8) | st.sampled_from(SYNTAX))
    return bytes(body)


SYNTAX = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"NaN",
    b"null",
]
