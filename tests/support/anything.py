"""Contents with whatever their types allow: arbitrary texts, numbers and JSON, and some that a
provider would take.
"""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

TEXTS = st.one_of(
    st.sampled_from(["", " ", "a", "b", "https://acme.example/1", "image/jpeg", "EUR"]),
    st.text(st.characters(), max_size=30),  # surrogates, too
    st.integers(0, 5000).map("x".__mul__),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXTS | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
OF_TYPE: dict[Any, st.SearchStrategy] = {
    str: TEXTS,
    float: st.floats() | st.floats(-90, 90),
    int: st.integers(),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.none() | st.just(UTC)),
    dict[str, Any]: st.dictionaries(TEXTS, JSON, max_size=3),
    NoneType: st.none(),
}


def anything(hint: Any) -> st.SearchStrategy:
    """Values of a type: of a dataclass, a union, a tuple of one type or one of OF_TYPE."""
    if hint in OF_TYPE:
        return OF_TYPE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return st.builds(
            hint, **{field.name: anything(hints[field.name]) for field in fields(hint)}
        )
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(anything, get_args(hint)))
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint)) | TEXTS
    return st.lists(anything(get_args(hint)[0]), max_size=4).map(tuple)
