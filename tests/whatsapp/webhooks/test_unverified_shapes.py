"""Nobody has seen what Meta sends of a number with several responders: with keys that are missing,
renamed and new, nothing fails, nothing is lost, and nothing becomes ours to answer.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.events import (
    ChannelUpdate,
    Event,
    InboundMessage,
    StandbyMessage,
    StatusUpdate,
    ThreadNotice,
)
from channels_app.storable import Unstorable, storable_json
from tests.support.whatsapp import bodies
from tests.support.whatsapp.shared_numbers import echo, handover, standby, webhook
from tests.whatsapp.webhooks.any_json import JSON, KEYS
from whatsapp.json_values import integer, listed
from whatsapp.webhooks.parser import parse
from whatsapp.webhooks.threads.standby import BESIDE

pytestmark = pytest.mark.whatsapp

FEW = settings(
    max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

BEFORE, AFTER = (bodies.text(each, wamid=f"wamid.{each}") for each in ("before", "after"))
LISTS = ("messages", "message_echoes", "statuses", "errors")


@st.composite
def bent(draw: st.DrawFn, value: Any, depth: int = 4) -> Any:
    """The same with keys taken off, renamed and added, at any depth, and values replaced."""
    if draw(st.integers(0, 11)) == 0:
        return draw(JSON)
    if isinstance(value, list):
        return [draw(bent(each, depth - 1)) for each in value]
    if not isinstance(value, dict) or not depth:
        return value
    bent_value = {}
    for key, each in value.items():
        fate = draw(st.integers(0, 9))
        if fate:
            name = draw(KEYS) if fate == 1 else key
            bent_value[name] = draw(bent(each, depth - 1))
    return bent_value | draw(st.dictionaries(KEYS, JSON, max_size=2))


HANDOVERS = st.sampled_from(
    [
        handover(control_passed={"metadata": "a", "previous_role": "primary"}),
        handover("control_taken"),
        handover("control_released"),
        {"recipient": handover()["recipient"], "handovers": [handover(recipient=None)]},
    ]
).flatmap(bent)
STANDBY = st.just(
    standby(
        messages=[bodies.text(), {**bodies.text(), "type": "hologram"}],
        message_echoes=[echo()],
        statuses=[bodies.status("wamid.2", "failed", errors=[{"code": 190}])],
        errors=[{"code": 131031, "title": "T"}],
    )
).flatmap(bent)
BODIES = st.tuples(st.just("messaging_handovers"), HANDOVERS) | st.tuples(
    st.just("standby"), STANDBY
)


def among_neighbours(change: tuple[str, Any]) -> list[Event]:
    """What comes of the change; its neighbours, before and after it, have come through."""
    around = [("messages", standby(messages=[each])) for each in (BEFORE, AFTER)]
    before, *events, after = parse(webhook(around[0], change, around[1]))
    for event, text in ((before, "before"), (after, "after")):
        assert (type(event), event.text) == (InboundMessage, text)
    return events


def arrived(value: Any) -> Any:
    """The value as it is read: numbers that nobody could mean are infinite."""
    return json.loads(json.dumps(value), parse_int=integer)


def kept_in(events: list[Event]) -> set[str]:
    return {stored(event.raw) for event in events}


def is_shown(event: Event) -> bool:
    """Whether somebody sees it: in the thread, in the channel's history or among dead letters."""
    return not isinstance(event, ChannelUpdate) or (event.is_shared and bool(event.summary))


def stored(item: Any) -> str:
    """The item as an event keeps it; what the database would not take is kept as it came."""
    try:
        return json.dumps(storable_json(item))
    except Unstorable:
        return json.dumps(item)


@FEW
@given(BODIES)
def test_nothing_on_standby_or_of_a_handover_is_a_message_to_us_or_has_an_effect(change):
    events = among_neighbours(change)

    assert [event for event in events if isinstance(event, InboundMessage)] == []
    effects = [
        [getattr(event, name, "") for name in ("parks", "recovers_by", "lifts", "health")]
        for event in events
    ]
    nothing = ("", "reconnect", False, {})
    assert [each for effect in effects for each in effect if each not in nothing] == []


@FEW
@given(st.tuples(st.just("messaging_handovers"), HANDOVERS))
def test_a_thread_is_ours_only_by_a_handover_that_is_built_as_documented(change):
    for event in among_neighbours(change):
        if isinstance(event, ThreadNotice) and event.owner != "other":
            raw = event.raw
            assert (event.owner, event.told_by) == ("us", "passed")
            assert raw["type"] == "control_passed"
            assert "control_taken" not in raw
            assert isinstance(raw.get("control_passed", {}), dict)


@FEW
@given(st.tuples(st.just("messaging_handovers"), HANDOVERS))
def test_every_handover_is_kept_whole_and_shown(change):
    value, events = arrived(change[1]), among_neighbours(change)

    if isinstance(value, dict) and {"type", "sender"} & value.keys():
        assert kept_in(events) == {stored(value)}
    assert [event for event in events if not is_shown(event)] == []
    assert events


@FEW
@given(st.tuples(st.just("standby"), STANDBY))
def test_every_item_on_standby_and_all_that_stands_beside_the_known_lists_is_kept(change):
    value, events = arrived(change[1]), among_neighbours(change)
    held = value if isinstance(value, dict) else {}
    kept = kept_in(events)

    assert [item for key in LISTS for item in listed(held, key) if stored(item) not in kept] == []
    assert [event for event in events if not is_shown(event)] == []
    if isinstance(value, dict) and not {*LISTS} & value.keys():
        assert kept == {stored(value)}
    others = [each for key, each in held.items() if key not in {*LISTS, *BESIDE}]
    if any(isinstance(each, dict | list) and each for each in others):
        assert stored(value) in kept


@FEW
@given(st.tuples(st.just("standby"), STANDBY))
def test_what_is_on_standby_is_nobodys_message_to_us(change):
    messages = [event for event in among_neighbours(change) if hasattr(event, "external_id")]

    assert {type(event).__name__ for event in messages} <= {
        StandbyMessage.__name__,
        StatusUpdate.__name__,
    }
