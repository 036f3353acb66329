"""Webhooks of any shape that Meta could send, poison among them, each with what must come of it,
item by item, in order.

A strategy here makes a Shape: the body, and one Said for each item that goes in. The count is kept
while the body is made.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from channels_app.events import Event
from tests.support.whatsapp import shaped_items
from tests.support.whatsapp.expected import channel
from tests.support.whatsapp.shaped_items import HUGE, INFINITE, JUNK, Said, Where

WHERE = (
    Where("300000000000001", "400000000000001", "15550100001"),
    Where("300000000000002", "400000000000002", "442079460002"),
)
NUMBERS = {INFINITE: b"1e999", HUGE: b"9" * 5_000}  # what json.dumps cannot write
NOT_A_LIST = st.none() | st.just("list") | st.integers() | st.fixed_dictionaries({"0": st.just({})})


@dataclass(frozen=True)
class Shape:
    """`said`: what comes of it, in order."""

    content: Any
    said: list[Said] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        body = json.dumps(self.content).encode()
        for name, written in NUMBERS.items():
            body = body.replace(json.dumps(name).encode(), written)
        return body


@st.composite
def listed(
    draw: st.DrawFn, key: str, items: st.SearchStrategy[Said], parent: dict[str, Any]
) -> list[Said]:
    """A list of items under the parent's key; now and then absent, or no list at all."""
    sort = draw(st.sampled_from(["list"] * 8 + ["absent", "none"]))
    if sort == "absent":
        return []
    if sort == "none":
        parent[key] = draw(NOT_A_LIST)
        return [Said(parent, None)]
    said = draw(st.lists(items | JUNK, max_size=4))
    parent[key] = [each.item for each in said]
    return said


@st.composite
def threads(draw: st.DrawFn, where: Where, value: dict[str, Any]) -> list[Said]:
    """The chunks of a history with their threads and errors; and behind them the files."""
    said, are_named = [], "contacts" in value
    value["history"] = []
    for _ in range(draw(st.integers(0, 2))):
        chunk: dict[str, Any] = {"metadata": {"phase": 0}, "threads": []}
        for _ in range(draw(st.integers(0, 2))):
            person = draw(shaped_items.PERSON)
            thread: dict[str, Any] = {"id": person.address}
            said += draw(
                listed("messages", shaped_items.old_messages(where, are_named, person), thread)
            )
            chunk["threads"].append(thread)
        said += draw(listed("errors", shaped_items.errors(where), chunk))
        value["history"].append(chunk)
    return said + draw(listed("messages", shaped_items.old_messages(where, are_named, None), value))


@st.composite
def changes(draw: st.DrawFn, where: Where) -> Shape:
    """One change of any field that holds lists, or of one that is kept whole."""
    metadata = {"phone_number_id": where.number, "display_phone_number": where.dialled}
    value: dict[str, Any] = {"metadata": metadata, **draw(shaped_items.CONTACTS)}
    name = draw(st.sampled_from([*FIELDS, "history", "tomorrow"]))
    if name == "tomorrow":
        said = [Said(value, whole(name, where))]
    elif name == "history":
        said = draw(threads(where, value))
    else:
        keys, said = FIELDS[name], []
        for key, items in keys.items():
            said += draw(listed(key, items(where, "contacts" in value), value))
        if not keys.keys() & value.keys():
            said = [Said(value, whole(name, where))]
    return Shape({"field": name, "value": value}, said)


def whole(name: str, where: Where) -> Event:
    return channel(name, account_id=where.account, channel_external_id=where.number)


FIELDS: dict[str, dict[str, Callable[[Where, bool], st.SearchStrategy[Said]]]] = {
    "messages": {
        "messages": shaped_items.messages,
        "statuses": lambda where, _: shaped_items.statuses(where),
        "errors": lambda where, _: shaped_items.errors(where),
    },
    "standby": {
        "messages": lambda where, are_named: shaped_items.on_standby(
            shaped_items.messages(where, are_named), is_outbound=False
        ),
        "message_echoes": lambda where, are_named: shaped_items.on_standby(
            shaped_items.echoes(where, are_named), is_outbound=True
        ),
        "statuses": lambda where, _: shaped_items.statuses(where),
        "errors": lambda where, _: shaped_items.errors(where),
    },
    "calls": {"calls": shaped_items.calls},
    "smb_message_echoes": {"message_echoes": shaped_items.echoes},
    "smb_app_state_sync": {"state_sync": lambda where, _: shaped_items.book_entries(where)},
    "user_id_update": {"user_id_update": shaped_items.id_updates},
    "user_preferences": {"user_preferences": shaped_items.preferences},
}
BROKEN_CHANGES = JUNK | st.sampled_from(
    [
        {},
        {"field": "messages"},
        {"field": "messages", "value": None},
        {"value": {"messages": []}},
        {"field": 7, "value": {}},
    ]
).map(lambda change: Said(change, None))


@st.composite
def entries(draw: st.DrawFn) -> Shape:
    where, said, listed_changes = draw(st.sampled_from(WHERE)), [], []
    for each in draw(st.lists(changes(where) | BROKEN_CHANGES, max_size=3)):
        listed_changes.append(each.content if isinstance(each, Shape) else each.item)
        said += each.said if isinstance(each, Shape) else [each]
    return Shape({"id": where.account, "changes": listed_changes}, said)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """A whole webhook: several accounts and numbers, nested, mixed, poison beside what is good."""
    said, listed_entries = [], []
    for each in draw(st.lists(entries() | JUNK, min_size=1, max_size=3)):
        listed_entries.append(each.content if isinstance(each, Shape) else each.item)
        said += each.said if isinstance(each, Shape) else [each]
    return Shape({"object": "whatsapp_business_account", "entry": listed_entries}, said)


def as_read(item: Any) -> Any:
    """The item as it arrives: the numbers that no JSON writer can write are infinite."""
    if isinstance(item, dict):
        return {key: as_read(each) for key, each in item.items()}
    if isinstance(item, list):
        return [as_read(each) for each in item]
    return float("inf") if isinstance(item, str) and item in NUMBERS else item
