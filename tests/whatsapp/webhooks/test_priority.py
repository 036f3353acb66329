"""A webhook's lane and number, told from its bytes: a hint that is never wrong enough to matter."""

import json

import pytest

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_NUMBER
from tests.support.whatsapp import bodies, corpus
from whatsapp.webhooks.priority import lane_of

pytestmark = pytest.mark.whatsapp

MESSAGES, STATUSES, OTHER = 0, 1, 2


def body(
    field: str = "messages",
    *,
    number: str = ACME_NUMBER,
    messages: tuple = (),
    statuses: tuple = (),
) -> bytes:
    value = bodies.value(number, messages=messages, statuses=statuses)
    return json.dumps(
        {"entry": [{"id": ACME_ACCOUNT, "changes": [{"field": field, "value": value}]}]}
    ).encode()


@pytest.mark.parametrize(
    ("content", "lane"),
    [
        pytest.param(body(messages=(bodies.text(),)), MESSAGES, id="a message"),
        pytest.param(body(statuses=(bodies.status("w", "read"),)), STATUSES, id="a status"),
        pytest.param(
            body(messages=(bodies.text(),), statuses=(bodies.status("w", "read"),)),
            MESSAGES,
            id="both",
        ),
        pytest.param(body("history", messages=(bodies.text(),)), OTHER, id="history"),
        pytest.param(body("smb_message_echoes"), OTHER, id="echoes"),
        pytest.param(body("standby", messages=(bodies.text(),)), MESSAGES, id="standby"),
        pytest.param(
            body("standby", statuses=(bodies.status("w", "read"),)),
            STATUSES,
            id="a status of another responder's message",
        ),
        pytest.param(
            body("standby").replace(b'"metadata"', b'"message_echoes": [], "metadata"'),
            MESSAGES,
            id="an echo of another responder's message",
        ),
        pytest.param(
            body("messaging_handovers").replace(b'"metadata"', b'"recipient"'),
            MESSAGES,
            id="a handover, which no message overtakes",
        ),
        pytest.param(
            body(messages=(bodies.text('"field":"history", "statuses": ['),)),
            MESSAGES,
            id="a text that looks like keys",
        ),
        pytest.param(
            body(statuses=(bodies.status('"messages":[', "read"),)),
            STATUSES,
            id="an id that looks like a key",
        ),
    ],
)
def test_a_body_waits_in_the_lane_of_its_most_urgent_item(content, lane):
    assert lane_of(content) == (lane, ACME_NUMBER)


def test_the_hint_is_the_first_number_and_none_where_there_is_none():
    two = {
        "entry": [
            bodies.entry(ACME_ACCOUNT, bodies.value(each)) for each in (GLOBEX_NUMBER, ACME_NUMBER)
        ]
    }

    assert lane_of(json.dumps(two).encode())[1] == GLOBEX_NUMBER
    assert lane_of(b"\x00\xff not json") == (OTHER, "")


@pytest.mark.parametrize("name", [case["file"][:3] for case in corpus.CASES])
def test_every_recorded_body_has_a_lane(name):
    lane, number = lane_of(corpus.read(name))

    assert lane in (MESSAGES, STATUSES, OTHER)
    assert number == "" or number.isdigit()
