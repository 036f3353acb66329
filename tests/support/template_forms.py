"""A template's form, filled in as the API tells its callers to: pointers lead into the content."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

PHOTO = {"type": "media", "kind": "image", "link": "https://a.example/b.png"}
FILLED_WITH: dict[str, Any] = {
    "text": "tea",
    "payload": "yes",
    "code": "TEA20",
    "action": {"flow_token": "1"},
    "image": PHOTO,
    "video": {**PHOTO, "kind": "video"},
    "document": {**PHOTO, "kind": "document"},
    "location": {"type": "location", "latitude": 1.5, "longitude": 2.5},
    "product": {"type": "product", "catalog_id": "1", "product_id": "2"},
    "date_time": "2040-01-01T00:00:00Z",
    "empty": {},
}


def components_of(form: Iterable[Mapping[str, Any]], *, is_named: bool = False) -> list[Any]:
    """Return the components of the content in which these parameters are filled in."""
    content: dict[str, Any] = {"components": []}
    for each in form:
        put(content, each["pointer"], FILLED_WITH[each["kind"]])
        for pointer, word in words_of(each, is_named):
            put(content, pointer, word)
    return without_holes(content["components"])


def words_of(parameter: Mapping[str, Any], is_named: bool) -> Iterable[tuple[str, Any]]:
    """What stands around a value, and where."""
    pointer, kind = parameter["pointer"], parameter["kind"]
    own = re.match(r".*/components/\d+", pointer)[0]
    if parameter["card"] is not None:
        yield re.match(r"/components/\d+", pointer)[0] + "/type", "cards"
    if parameter["component"] != "card":
        yield f"{own}/type", parameter["component"]
    if parameter["component"] == "button":
        yield f"{own}/index", parameter["index"]
        yield f"{own}/kind", parameter["button"]
    if value := re.match(r"(.*/values/\d+)/", pointer):
        yield f"{value[1]}/type", {"payload": "reply"}.get(kind, kind)
        if is_named and parameter["component"] != "button":
            yield f"{value[1]}/name", parameter["name"]


def put(at: Any, pointer: str, value: Any) -> None:
    keys = pointer.split("/")[1:]
    for key, following in pairwise(keys):
        at = child(at, key, [] if following.isdigit() else {})
    child(at, keys[-1], value)


def child(parent: Any, key: str, absent: Any) -> Any:
    """What lies there; `absent` from now on, where nothing did."""
    if isinstance(parent, dict):
        return parent.setdefault(key, absent)
    index = int(key)
    parent.extend([None] * (index + 1 - len(parent)))
    if parent[index] is None:
        parent[index] = dict(absent) if isinstance(absent, dict) else absent
    return parent[index]


def without_holes(value: Any) -> Any:
    if isinstance(value, list):
        return [without_holes(each) for each in value if each is not None]
    if isinstance(value, dict):
        return {key: without_holes(each) for key, each in value.items()}
    return value
