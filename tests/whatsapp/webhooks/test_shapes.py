"""Whatever Meta sends: each item that goes in comes out as one event or one refusal, in order,
whatever stands beside it.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from channels_app.events import Event, Rejected
from channels_app.storable import storable_json
from tests.support.whatsapp.expected import told
from tests.support.whatsapp.shapes import Shape, as_read, shapes
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

TRIES = settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def came_out(event: Event) -> Any:
    """What is compared of an event; of a refusal, that it has a reason."""
    return ("Rejected", bool(event.reason)) if isinstance(event, Rejected) else told(event)


def went_in(shape: Shape) -> list[Any]:
    return [told(said.event) if said.event else ("Rejected", True) for said in shape.said]


@TRIES
@given(shapes())
def test_every_item_comes_out_once_in_its_place_and_says_what_it_says_beside_any_poison(shape):
    events = list(parse(shape.body))

    assert [came_out(event) for event in events] == went_in(shape)
    assert [json.dumps(event.raw) for event in events] == [
        json.dumps(storable_json(said.item) if said.event else as_read(said.item))
        for said in shape.said
    ]
