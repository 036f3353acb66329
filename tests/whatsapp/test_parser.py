"""Meta's JSON in, our events out: everything that was recorded, and anything that could be sent."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from channels_app.events import ChannelEvent, Event, InboundMessage, Rejected, StatusUpdate
from tests import bodies
from tests.conftest import ACME_ACCOUNT, ACME_NUMBER
from tests.whatsapp import corpus
from whatsapp.parser import parse

WITHOUT_SENDER, OF_INSTAGRAM = "117_message_without_sender.json", "118_other_object_instagram.json"
DANA, LEE, OMAR = ("wa_id", "12025550143"), ("wa_id", "447700900123"), ("wa_id", "12025550150")
DANA_BSUID = ("bsuid", "US.7001002003004005006")
NOTICE = "User Dana Levi changed from US.7001002003004005006 to US.7009998887776665554"


def sort_of(event: Event) -> str:
    match event:
        case InboundMessage():
            return "messages"
        case StatusUpdate():
            return "statuses"
        case ChannelEvent(kind="errors"):
            return "value_errors"
        case Rejected():
            return "rejected"
        case _:
            return "other_events"


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case["file"])
def test_a_recorded_webhook_holds_what_its_index_says(case):
    expected = Counter({sort: case[sort] for sort in ("messages", "statuses", "value_errors", "other_events")})
    if case["file"] == WITHOUT_SENDER:
        expected.update(messages=-1, rejected=1)
    if case["file"] == OF_INSTAGRAM:
        expected.update(rejected=1)

    assert Counter(map(sort_of, parse((corpus.FOLDER / case["file"]).read_bytes()))) == expected


MESSAGES = [
    pytest.param("001", [("text", "Hello, is the blue one in stock?", (DANA,), "Dana Levi")], id="plain text"),
    pytest.param("002", [("text", "hi", (DANA_BSUID, DANA), "Dana Levi")], id="a sender with both ids"),
    pytest.param("003", [("text", "where is my order?", (DANA_BSUID,), "Dana Levi")], id="a sender without a phone"),
    pytest.param("014", [("image", "broken here", (DANA,), "Dana Levi")], id="an image's caption"),
    pytest.param("018", [("video", "look", (DANA,), "Dana Levi")], id="a video's caption"),
    pytest.param("019", [("document", "invoice", (DANA,), "Dana Levi")], id="a document's caption"),
    pytest.param("020", [("sticker", "", (DANA,), "Dana Levi")], id="a sticker, which has no text"),
    pytest.param(
        "025", [("contacts", "+12025550143", (DANA_BSUID, DANA, ("phone", "12025550143")), "Dana Levi")], id="one's own card"
    ),
    pytest.param("033", [("button", "Stop", (DANA,), "Dana Levi")], id="a button's text"),
    pytest.param("035", [("reaction", "\U0001f44d\U0001f3fd", (DANA,), "Dana Levi")], id="a reaction"),
    pytest.param("040", [("system", NOTICE, (("bsuid", "US.7009998887776665554"),), "")], id="a notice of whom it is about"),
    pytest.param("043", [("unsupported", "", (DANA,), "Dana Levi")], id="a type that Meta does not pass on"),
    pytest.param("052", [("hologram", "", (DANA,), "Dana Levi")], id="a type Meta invents later"),
    pytest.param("055", [("text", "no contacts", (DANA,), "")], id="no contacts"),
    pytest.param("056", [("text", "no name", (DANA,), "")], id="a contact without a name"),
    pytest.param("062", [("text", "a\ufffdb\x07c", (DANA,), "Dana Levi")], id="NUL is replaced"),
    pytest.param("063", [("text", "x\ufffdy", (DANA,), "Dana Levi")], id="half a character is replaced"),
    pytest.param("066", [("text", "", (DANA,), "Dana Levi")], id="an empty text"),
    pytest.param(
        "103",
        [("text", "1", (DANA,), "Dana Levi"), ("text", "2", (OMAR,), "Omar"), ("text", "3", (DANA,), "Dana Levi")],
        id="names by their ids, not by their places",
    ),
]


@pytest.mark.parametrize(("name", "expected"), MESSAGES)
def test_a_recorded_message_says(name, expected):
    events = parse(corpus.read(name))

    assert [(event.kind, event.text, event.contact_ids, event.contact_name) for event in events] == expected


REENGAGEMENT = (
    "The person wrote more than 24 hours ago: only a template may be sent. (Graph error 131047: Re-engagement message)"
)
STATUSES = [
    pytest.param("070", [("wamid.Y29ycHVzOm91dC03MA==", "sent", "", "")], id="sent"),
    pytest.param("077", [("wamid.Y29ycHVzOm91dC03Nw==", "failed", "131047", REENGAGEMENT)], id="its first error"),
    pytest.param("088", [("wamid.Y29ycHVzOm91dC04OA==", "warning", "", "")], id="a word that is none of the known ones"),
    pytest.param(
        "082", [("wamid.Y29ycHVzOm91dC04Mg==", word, "", "") for word in ("read", "delivered", "sent")], id="in their order"
    ),
]


@pytest.mark.parametrize(("name", "expected"), STATUSES)
def test_a_recorded_status_says(name, expected):
    events = parse(corpus.read(name))

    assert [(event.external_id, event.status, event.error_code, event.error) for event in events] == expected


def test_a_message_carries_its_channel_its_group_its_time_and_itself():
    (event,) = parse(corpus.read("012"))
    item = json.loads(corpus.read("012"))["entry"][0]["changes"][0]["value"]["messages"][0]

    assert (event.account_id, event.channel_external_id) == ("300000000000001", "400000000000001")
    assert (event.group_external_id, event.reply_to) == (item["group_id"], "12025550143")
    assert (event.sent_at, event.raw) == (datetime.fromtimestamp(1_790_000_000, UTC), item)


def test_our_reference_comes_back_in_a_status():
    (event,) = parse(corpus.read("079"))

    assert event.reference == '{"t":"tenant-1","o":"0190f3a2-7c1e-7000-8000-000000000079"}'


def test_each_message_of_a_webhook_for_two_accounts_carries_its_own():
    where = [(event.account_id, event.channel_external_id, event.contact_ids) for event in parse(corpus.read("100"))]

    assert where == [("300000000000001", "400000000000001", (DANA,)), ("300000000000002", "400000000000002", (LEE,))]


def test_a_rejected_message_still_says_where_it_came_and_what_it_was():
    (event,) = parse(corpus.read("117"))
    item = json.loads(corpus.read("117"))["entry"][0]["changes"][0]["value"]["messages"][0]

    assert event == Rejected(
        reason="The item names no contact.", account_id="300000000000001", channel_external_id="400000000000001", raw=item
    )


WORDS = sorted(
    {key for case in corpus.CASES for key in corpus.keys_of(json.loads((corpus.FOLDER / case["file"]).read_bytes()))}
)
KEYS = st.sampled_from(WORDS) | st.text(max_size=3)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20) | st.just(10**4_000)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12)
MESSAGE = st.dictionaries(KEYS, JSON, max_size=8) | st.builds(
    lambda more: {**bodies.text(), **more}, st.dictionaries(KEYS, JSON)
)
STATUS = st.builds(lambda more: {**bodies.status("wamid.x", "read"), **more}, st.dictionaries(KEYS, JSON, max_size=4))
VALUE = st.fixed_dictionaries(
    {"metadata": JSON | st.fixed_dictionaries({"phone_number_id": LEAVES})},
    optional={
        "contacts": JSON | st.lists(JSON, max_size=3),
        "messages": JSON | st.lists(MESSAGE, max_size=3),
        "statuses": JSON | st.lists(STATUS | JSON, max_size=3),
        "errors": JSON,
    },
)
FIELD = st.sampled_from(["messages", "smb_message_echoes", "smb_app_state_sync", "history", "tomorrow"]) | JSON
CHANGE = st.fixed_dictionaries({"field": FIELD, "value": VALUE | JSON}) | JSON
ENTRY = st.fixed_dictionaries({"id": LEAVES, "changes": st.lists(CHANGE, max_size=3) | JSON}) | JSON
ENVELOPE = st.builds(lambda entry: {"object": "whatsapp_business_account", "entry": entry}, st.lists(ENTRY, max_size=3) | JSON)
TRIES = settings(max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


def as_body(content: Any) -> bytes:
    return json.dumps(content).encode()


@TRIES
@given(JSON | ENVELOPE)
def test_no_json_makes_the_parser_fail(content):
    assert [event for event in parse(as_body(content)) if not isinstance(event, Event)] == []


@TRIES
@given(
    st.binary(max_size=200) | st.builds(lambda tail: corpus.read("001")[: -len(tail) or None] + tail, st.binary(max_size=40))
)
def test_no_bytes_make_the_parser_fail(body):
    assert [event for event in parse(body) if not isinstance(event, Event)] == []


def of_channel(number: str, field: str = "tomorrow") -> dict:
    change = {"field": field, "value": {"metadata": {"phone_number_id": number}, "errors": [{"code": 1}]}}
    return {"object": "whatsapp_business_account", "entry": [{"id": ACME_ACCOUNT, "changes": [change]}]}


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
