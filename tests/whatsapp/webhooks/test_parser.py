"""Meta's JSON in, our events out: everything that was recorded, and anything that could be sent."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels_app.events import ChannelUpdate, Event, InboundMessage, Rejected, StatusUpdate
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies, corpus
from tests.whatsapp.webhooks.any_json import JSON, KEYS, LEAVES, TRIES
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

WITHOUT_SENDER, OF_INSTAGRAM = "117_message_without_sender.json", "118_other_object_instagram.json"


def sort_of(event: Event) -> str:
    match event:
        case InboundMessage():
            return "messages"
        case StatusUpdate():
            return "statuses"
        case ChannelUpdate(kind="errors"):
            return "value_errors"
        case Rejected():
            return "rejected"
        case _:
            return "other_events"


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case["file"])
def test_a_recorded_webhook_holds_what_its_index_says(case):
    expected = Counter(
        {sort: case[sort] for sort in ("messages", "statuses", "value_errors", "other_events")}
    )
    if case["file"] == WITHOUT_SENDER:
        expected.update(messages=-1, rejected=1)
    if case["file"] == OF_INSTAGRAM:
        expected.update(rejected=1)

    assert Counter(map(sort_of, parse((corpus.FOLDER / case["file"]).read_bytes()))) == expected


MESSAGE = st.dictionaries(KEYS, JSON, max_size=8) | st.builds(
    lambda more: {**bodies.text(), **more}, st.dictionaries(KEYS, JSON)
)
STATUS = st.builds(
    lambda more: {**bodies.status("wamid.x", "read"), **more},
    st.dictionaries(KEYS, JSON, max_size=4),
)
ITEMS = JSON | st.lists(MESSAGE | STATUS | JSON, max_size=3)
THREADS = JSON | st.lists(
    st.fixed_dictionaries({}, optional={"id": JSON, "messages": ITEMS}) | JSON, max_size=2
)
CHUNKS = JSON | st.lists(
    st.fixed_dictionaries({}, optional={"threads": THREADS, "errors": ITEMS}) | JSON, max_size=2
)
LISTS = sorted({key for keys in corpus.LISTS.values() for key in keys} | {"contacts"})
VALUE = st.fixed_dictionaries(
    {
        "metadata": JSON
        | st.fixed_dictionaries({"phone_number_id": LEAVES, "display_phone_number": LEAVES})
    },
    optional={**dict.fromkeys(LISTS, ITEMS), "history": CHUNKS},
)
FIELD = st.sampled_from([*corpus.LISTS, "messaging_handovers", "history", "tomorrow"]) | JSON
CHANGE = st.fixed_dictionaries({"field": FIELD, "value": VALUE | JSON}) | JSON
ENTRY = st.fixed_dictionaries({"id": LEAVES, "changes": st.lists(CHANGE, max_size=3) | JSON}) | JSON
ENVELOPE = st.builds(
    lambda entry: {"object": "whatsapp_business_account", "entry": entry},
    st.lists(ENTRY, max_size=3) | JSON,
)


def as_body(content: Any) -> bytes:
    return json.dumps(content).encode()


@TRIES
@given(JSON | ENVELOPE)
def test_no_json_makes_the_parser_fail(content):
    assert [event for event in parse(as_body(content)) if not isinstance(event, Event)] == []


@TRIES
@given(
    st.binary(max_size=200)
    | st.builds(
        lambda tail: corpus.read("001")[: -len(tail) or None] + tail, st.binary(max_size=40)
    )
)
def test_no_bytes_make_the_parser_fail(body):
    assert [event for event in parse(body) if not isinstance(event, Event)] == []


def of_channel(number: str, field: str = "tomorrow") -> dict:
    change = {
        "field": field,
        "value": {"metadata": {"phone_number_id": number}, "errors": [{"code": 1}]},
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": ACME_ACCOUNT, "changes": [change]}],
    }


@TRIES
@given(ENVELOPE)
@example(of_channel(ACME_NUMBER))
@example(of_channel("\x00"))
@example(of_channel("\ud83d", "messages"))
def test_the_channel_of_every_event_is_a_text_that_postgresql_takes(content):
    channels = [event.channel_external_id for event in parse(as_body(content))]

    assert [channel for channel in channels if "\x00" in channel or not is_utf8(channel)] == []


def is_utf8(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() == text
