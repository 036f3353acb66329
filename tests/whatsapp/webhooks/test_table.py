"""Every webhook, recorded or made, and exactly what the parser says of it: all fields of all
events, in their order.
"""

import json

import pytest

from channels_app.events import Event, Rejected
from channels_app.storable import storable_json
from tests.support.whatsapp import corpus
from tests.support.whatsapp.expected import is_compared_whole, told
from tests.whatsapp.webhooks.table import (
    made_errors,
    made_messages,
    made_people,
    made_phone_app,
    made_statuses,
    recorded_messages,
    recorded_others,
)
from whatsapp.json_values import integer
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

RECORDED = {**recorded_messages.EXPECTED, **recorded_others.EXPECTED}
MADE = {
    **made_messages.CASES,
    **made_errors.CASES,
    **made_people.CASES,
    **made_statuses.CASES,
    **made_phone_app.CASES,
}


def test_the_table_has_every_recorded_webhook():
    assert sorted(RECORDED) == sorted(case["file"][:3] for case in corpus.CASES)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_webhook_says_exactly(name):
    assert_says(corpus.read(name), RECORDED[name])


@pytest.mark.parametrize("name", MADE)
def test_a_made_webhook_says_exactly(name):
    body, expected = MADE[name]

    assert_says(body, expected)


def assert_says(body: bytes, expected: list[Event]) -> None:
    events = list(parse(body))
    items = list(corpus.items_of(json.loads(body, parse_int=integer)))

    assert [told(event) for event in events] == [told(event) for event in expected]
    assert [event.raw for event in events if is_compared_whole(event)] == [
        item if isinstance(event, Rejected) else storable_json(item)
        for item, event in zip(items, expected, strict=True)
        if is_compared_whole(event)
    ]
