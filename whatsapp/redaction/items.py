"""Cut erased items out of a webhook's body. Pure.

An item is recognized by being the same as what its event was read from, in a change of the same
number.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from channels_app.events import Event
from channels_app.storable import comparable_json
from whatsapp.json_values import Json, digits_or_text, integer, listed, objects, text
from whatsapp.redaction.quotes import Quoted, unquote
from whatsapp.webhooks.person_ids import ids_in
from whatsapp.webhooks.threads.handovers import number_in

BESIDE = ("messaging_product", "metadata", "recipient", "contacts")  # of a change, and no items


def without(body: bytes, erased: Iterable[Event], quoted: Quoted) -> bytes:
    """Return the body without these items: as it is where it holds none of them, empty where it
    holds nothing else.
    """
    payload = json.loads(body, parse_int=integer)
    before = form_of(payload)
    gone = {(event.channel_external_id, form_of(event.raw)) for event in erased}
    for entry in objects(payload, "entry"):
        entry["changes"] = [
            change
            for change in listed(entry, "changes")
            if not isinstance(change, dict) or is_left(change, gone, quoted)
        ]
    payload["entry"] = [
        entry
        for entry in listed(payload, "entry")
        if not isinstance(entry, dict) or entry.get("changes")
    ]
    if not payload["entry"]:
        return b""
    return body if form_of(payload) == before else json.dumps(payload).encode()


def form_of(item: Any) -> str:
    try:
        return json.dumps(comparable_json(item), sort_keys=True)
    except RecursionError:
        return ""


def is_left(change: Json, gone: set[tuple[str, str]], quoted: Quoted) -> bool:
    """Cut what is gone out of a change. Returns whether anything is left in it."""
    value = change.get("value")
    if not isinstance(value, dict):
        return True
    number = text(digits_or_text(number_in(value).get("phone_number_id")))
    forms = {form for of, form in gone if of == number} - {""}
    if form_of(value) in forms:
        return False
    if forms and cut(value, forms):
        if not value.keys() - BESIDE:
            return False
        keep_profiles(value)
    unnamed = {id for of, id in quoted if of == number}
    if unnamed:
        change["value"] = {
            key: inner if key in BESIDE else unquote(inner, unnamed) for key, inner in value.items()
        }
    return True


def cut(parent: Json, forms: set[str]) -> bool:
    """Cut items out of the lists of an object, and objects that held nothing else. Returns whether
    any was there.
    """
    is_cut = False
    for key in [key for key, inner in parent.items() if isinstance(inner, list)]:
        if key in BESIDE:
            continue
        items = parent[key]
        left = [item for item in items if not is_gone(item, parent, forms)]
        emptied = [id(item) for item in left if isinstance(item, dict) and cut(item, forms)]
        if emptied:
            is_cut = True
            left = [item for item in left if id(item) not in emptied or holds_items(item)]
        if len(left) < len(items):
            is_cut = True
            parent[key] = left
            if not left:
                del parent[key]
    return is_cut


def is_gone(item: Any, parent: Json, forms: set[str]) -> bool:
    """Return whether this is an erased item: as it stands, or as a handover is read, with what the
    change says of our number.
    """
    if form_of(item) in forms:
        return True
    ours = {key: parent[key] for key in ("recipient", "metadata") if key in parent}
    return isinstance(item, dict) and bool(ours) and form_of({**ours, **item}) in forms


def holds_items(item: Any) -> bool:
    """Return whether what may have been a thread or a chunk of a history still holds anything."""
    return not isinstance(item, dict) or any(isinstance(inner, list) for inner in item.values())


def keep_profiles(value: Json) -> None:
    """Keep the profiles of those people alone whom an item that is left names."""
    named = {each for key in value.keys() - BESIDE for each in strings_in(value[key])}
    profiles = [each for each in objects(value, "contacts") if not named.isdisjoint(texts(each))]
    if profiles:
        value["contacts"] = profiles
    else:
        value.pop("contacts", None)


def texts(profile: Json) -> list[str]:
    return [text(digits_or_text(each)) for each in ids_in(profile) if each]


def strings_in(item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict | list):
        for inner in item.values() if isinstance(item, dict) else item:
            yield from strings_in(inner)
