"""Signed, and not what Meta documents: answered 200 and kept; what cannot be recorded is set aside,
its neighbours are not.
"""

import json
import math
import time
from typing import Any

import pytest

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.outcomes import FINISHED, bodies_of, count, dead_letters, deliveries, messages
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

UNREADABLE = "The body is not JSON that can be read."
NO_WEBHOOK = "The body is not a WhatsApp webhook."
NO_NUMBER = "A number is too large, or not a number."
NO_ID = "An identifier is missing or not a text."
BAD_ID = "An identifier is longer than 512 bytes or holds characters that cannot be stored."
NO_SENDER = "The item names no contact."
NO_CHANGE = "A change has no field or no value."
UNDOCUMENTED = "The item is not built as Meta documents it ({})."
NO_KEY = UNDOCUMENTED.format("KeyError")
GOOD = bodies.text("good", wamid="wamid.good")
KEPT = [("wamid.good", "text", "good")]
WEEK = 7 * 24 * 3600


def body_of(*messages: Any, **around: Any) -> bytes:
    """A webhook to Acme with these messages; `around` replaces keys of its only value."""
    value = {**bodies.value(ACME_NUMBER), "messages": list(messages), **around}
    return bodies.webhook({"id": ACME_ACCOUNT, "changes": [{"field": "messages", "value": value}]})


def raw(**replaced: str) -> bytes:
    """The good message with some of its values written as this JSON."""
    message = json.dumps(GOOD | dict.fromkeys(replaced, "?"))
    for key, text in replaced.items():
        message = message.replace(f'"{key}": "?"', f'"{key}": {text}')
    return body_of("here").replace(b'"here"', message.encode())


WHOLE = [
    pytest.param(b"", UNREADABLE, id="an empty body"),
    pytest.param(b"not json", UNREADABLE, id="words"),
    pytest.param(body_of(GOOD)[:-1], UNREADABLE, id="truncated JSON"),
    pytest.param(body_of(GOOD) + b"x", UNREADABLE, id="JSON and something behind it"),
    pytest.param(
        body_of(GOOD).replace(b"good", b"\xff\xfe"), UNREADABLE, id="bytes that are no UTF-8"
    ),
    pytest.param(b"[" * 100_000 + b"]" * 100_000, UNREADABLE, id="100,000 arrays in one another"),
    pytest.param(b'{"entry":' * 100_000, UNREADABLE, id="100,000 objects that never end"),
    pytest.param(b"[]", NO_WEBHOOK, id="a list"),
    pytest.param(b'"x"', NO_WEBHOOK, id="a text"),
    pytest.param(b"7", NO_WEBHOOK, id="a number"),
    pytest.param(b"null", NO_WEBHOOK, id="null"),
    pytest.param(b"true", NO_WEBHOOK, id="true"),
    pytest.param(b"NaN", NO_WEBHOOK, id="no number"),
    pytest.param(b"7" * 5_000, NO_WEBHOOK, id="an integer of 5,000 digits"),
    pytest.param(
        body_of(GOOD).replace(b"whatsapp_business_account", b"page"),
        NO_WEBHOOK,
        id="the object of a page",
    ),
    pytest.param(
        body_of(GOOD).replace(b"whatsapp_business_account", b"\\ud83d"),
        NO_WEBHOOK,
        id="half a character as object",
    ),
]

IN_A_MESSAGE = [
    pytest.param(raw(extra="NaN"), NO_NUMBER, id="NaN"),
    pytest.param(raw(extra="Infinity"), NO_NUMBER, id="Infinity"),
    pytest.param(raw(extra="-Infinity"), NO_NUMBER, id="minus Infinity"),
    pytest.param(raw(extra="1e999"), NO_NUMBER, id="1e999"),
    pytest.param(raw(extra="7" * 5_000), NO_NUMBER, id="an integer of 5,000 digits"),
    pytest.param(raw(timestamp="7" * 5_000), NO_NUMBER, id="a timestamp of 5,000 digits"),
    pytest.param(
        raw(extra="[" * 900 + "]" * 900),
        UNDOCUMENTED.format("RecursionError"),
        id="900 arrays in one another",
    ),
    pytest.param(body_of({**GOOD, "id": None}), NO_ID, id="an id that is null"),
    pytest.param(body_of({k: v for k, v in GOOD.items() if k != "id"}), NO_KEY, id="no id"),
    pytest.param(body_of({**GOOD, "id": ""}), NO_ID, id="an empty id"),
    pytest.param(body_of({**GOOD, "id": 7}), NO_ID, id="an id that is a number"),
    pytest.param(body_of({**GOOD, "id": "w" * 513}), BAD_ID, id="an id of 513 bytes"),
    pytest.param(
        body_of({**GOOD, "id": "é" * 257}), BAD_ID, id="an id of 257 characters and 514 bytes"
    ),
    pytest.param(body_of({**GOOD, "id": "wamid.\x00"}), BAD_ID, id="an id with NUL"),
    pytest.param(body_of({**GOOD, "id": "wamid.\ud83d"}), BAD_ID, id="an id with half a character"),
    pytest.param(
        body_of({k: v for k, v in GOOD.items() if k != "from"}), NO_SENDER, id="no sender"
    ),
    pytest.param(body_of({**GOOD, "from": ""}), NO_SENDER, id="an empty sender"),
    pytest.param(body_of({**GOOD, "from": "4" * 513}), NO_SENDER, id="a sender of 513 bytes"),
    pytest.param(
        body_of({**GOOD, "from": "\ud83d"}), NO_SENDER, id="a sender that is half a character"
    ),
    pytest.param(body_of({**GOOD, "from": {"a": 1}}), NO_SENDER, id="a sender that is an object"),
    pytest.param(body_of(GOOD, metadata="x"), NO_ID, id="metadata that is a text"),
    pytest.param(
        body_of(GOOD, metadata={"phone_number_id": "\ud83d"}),
        BAD_ID,
        id="a channel that is half a character",
    ),
    pytest.param(
        body_of(7), "messages holds something that is no object.", id="a message that is a number"
    ),
    pytest.param(
        body_of(messages={"0": GOOD}), "messages is not a list.", id="messages that are an object"
    ),
]


@pytest.mark.parametrize(("body", "reason"), [*WHOLE, *IN_A_MESSAGE])
def test_what_cannot_be_recorded_is_answered_200_and_set_aside_with_its_bytes(
    acme_whatsapp, deliver, work, db_rows, body, reason
):
    response = deliver(body)
    work()

    assert (response.status_code, response.content) == (200, b"")
    assert (messages(db_rows), dead_letters(db_rows)) == ([], [("rejected", reason)])
    assert deliveries(db_rows) == [(True, "1 rejected")]
    assert bodies_of(db_rows) == [("whatsapp", body)]


def test_a_channel_that_is_written_as_a_number_is_read_by_its_digits(
    acme_whatsapp, deliver, work, db_rows
):
    deliver(body_of(GOOD, metadata={"phone_number_id": int(ACME_NUMBER)}))
    work()

    assert (len(messages(db_rows)), dead_letters(db_rows)) == (1, [])


def change(value: Any, field: Any = "messages") -> dict:
    return {"field": field, "value": value}


GOOD_CHANGE = change(bodies.value(ACME_NUMBER, messages=(GOOD,)))
GOOD_ENTRY = {"id": ACME_ACCOUNT, "changes": [GOOD_CHANGE]}
BY_DICT = change({**bodies.value(ACME_NUMBER), "messages": {"0": GOOD}})
BAD_STATUS = change(bodies.value(ACME_NUMBER, statuses=({"status": "read"},)))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param(
            [7, GOOD_ENTRY],
            "entry holds something that is no object.",
            id="an entry that is a number",
        ),
        pytest.param(
            [{"id": "1", "changes": "x"}, GOOD_ENTRY],
            "changes is not a list.",
            id="changes that are a text",
        ),
        pytest.param(
            [{"id": "1", "change": [GOOD_CHANGE]}, GOOD_ENTRY],
            "An entry has no changes.",
            id="changes by another name",
        ),
        pytest.param(
            [{"id": "1", "changes": [None]}, GOOD_ENTRY],
            "changes holds something that is no object.",
            id="null",
        ),
        pytest.param(
            [{"changes": [change(None), GOOD_CHANGE], "id": ACME_ACCOUNT}],
            NO_CHANGE,
            id="a value that is null",
        ),
        pytest.param(
            [{"changes": [change({}, 7), GOOD_CHANGE], "id": ACME_ACCOUNT}],
            NO_CHANGE,
            id="a field that is a number",
        ),
        pytest.param(
            [{"changes": [BY_DICT, GOOD_CHANGE], "id": ACME_ACCOUNT}],
            "messages is not a list.",
            id="a dict",
        ),
        pytest.param(
            [{"changes": [BAD_STATUS, GOOD_CHANGE], "id": ACME_ACCOUNT}],
            NO_KEY,
            id="a status without an id",
        ),
    ],
)
def test_the_good_message_beside_a_broken_part_is_kept(
    acme_whatsapp, deliver, work, graph, db_rows, entry, reason
):
    assert deliver(bodies.webhook(*entry)).status_code == 200
    work()

    assert (messages(db_rows), dead_letters(db_rows)) == (KEPT, [("rejected", reason)])
    assert deliveries(db_rows) == [(True, "1 rejected")]


@pytest.mark.parametrize(
    ("name", "entry", "reason"),
    [
        ("entry", GOOD_ENTRY, "entry is not a list."),
        ("entries", [GOOD_ENTRY], "The body has no entry."),
    ],
)
def test_an_entry_that_is_no_list_or_has_another_name_is_set_aside(
    acme_whatsapp, deliver, work, db_rows, name, entry, reason
):
    body = json.dumps({"object": "whatsapp_business_account", name: entry}).encode()
    assert deliver(body).status_code == 200
    work()

    assert (messages(db_rows), dead_letters(db_rows)) == ([], [("rejected", reason)])


NESTED = raw(extra="[" * 100 + "]" * 100)
CLEANED = [("wamid.good", "text", "a\ufffdb\ufffd")]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param(
            raw(id='"first", "id": "wamid.good"'), KEPT, id="of two equal keys the last wins"
        ),
        pytest.param(body_of(GOOD).decode().encode("utf-16"), KEPT, id="UTF-16"),
        pytest.param(body_of(GOOD).decode().encode("utf-32"), KEPT, id="UTF-32"),
        pytest.param(b"\xef\xbb\xbf" + body_of(GOOD), KEPT, id="a byte order mark"),
        pytest.param(
            body_of(GOOD).replace(b'"object": "whatsapp_business_account", ', b""),
            KEPT,
            id="no object",
        ),
        pytest.param(body_of(GOOD, contacts="x"), KEPT, id="contacts that are a text"),
        pytest.param(
            body_of(GOOD, contacts=[7, {"profile": 7}, {"wa_id": [], "profile": {"name": 7}}]),
            KEPT,
            id="contacts",
        ),
        pytest.param(NESTED, KEPT, id="100 arrays in one another"),
        pytest.param(raw(extra="7" * 1_000), KEPT, id="an integer of 1,000 digits"),
        pytest.param(
            raw(extra='{"\\u0000": "\\u0000", "\\ud83d": "\\ud83d"}'),
            KEPT,
            id="NUL and half a character as keys",
        ),
        pytest.param(
            body_of({**GOOD, "text": {"body": "a\x00b\ud83d"}}),
            CLEANED,
            id="NUL and half a character in the text",
        ),
        pytest.param(
            raw(text='{"body": "a\ufffdb\\ud83d"}').replace(b"\xef\xbf\xbd", b"\xed\xa0\xbd"),
            CLEANED,
            id="as bytes",
        ),
        pytest.param(
            body_of({**GOOD, "text": "x"}),
            [("wamid.good", "text", "")],
            id="a text that is no object",
        ),
        pytest.param(
            body_of({**GOOD, "text": {"body": 7}}),
            [("wamid.good", "text", "")],
            id="a text that is a number",
        ),
        pytest.param(
            body_of({**GOOD, "type": "image"}),
            [("wamid.good", "image", "")],
            id="an image that holds a text",
        ),
        pytest.param(
            body_of({**GOOD, "type": "image", "image": {}}),
            [("wamid.good", "image", "")],
            id="an image without id",
        ),
        pytest.param(
            body_of({**GOOD, "type": ["x"]}),
            [("wamid.good", "unknown", "")],
            id="a type that is a list",
        ),
        pytest.param(
            body_of({**GOOD, "type": "x" * 99}),
            [("wamid.good", "x" * 64, "")],
            id="a type of 99 characters",
        ),
        pytest.param(
            body_of({**GOOD, "id": "w" * 512}),
            [("w" * 512, "text", "good")],
            id="an id of 512 bytes",
        ),
        pytest.param(body_of({**GOOD, "from": "4" * 512}), KEPT, id="a sender of 512 bytes"),
    ],
)
def test_what_is_odd_and_can_be_kept_is_kept(
    acme_whatsapp, deliver, work, graph, db_rows, body, kept
):
    assert deliver(body).status_code == 200
    work()

    assert (messages(db_rows), dead_letters(db_rows)) == (kept, [])
    assert deliveries(db_rows) == [FINISHED]


TIMES = {
    "letters": "abc",
    "an empty text": "",
    "a negative text": "-1",
    "a negative number": -1,
    "a time beyond every calendar": 10**18,
    "the same as a text": str(10**18),
    "a text of an exponent": "1e18",
    "a float": 1.5,
    "a large float": 1e18,
    "true": True,
    "null": None,
    "a list": [],
    "an object": {},
    "digits of another script": "٣",
    "eleven digits": "9" * 11,
    "a time in the year 2096": 4_000_000_000,
}


@pytest.mark.parametrize("timestamp", TIMES.values(), ids=TIMES)
def test_a_timestamp_that_makes_no_sense_counts_as_now(
    acme_whatsapp, deliver, work, graph, db_rows, timestamp
):
    assert deliver(body_of({**GOOD, "timestamp": timestamp})).status_code == 200
    work()

    assert dead_letters(db_rows) == []
    query = (
        "SELECT m.sent_at = d.received_at FROM messaging.messages m JOIN"
        " messaging.webhook_deliveries d ON d.id = delivery_id"
    )
    assert db_rows.execute(query).fetchall() == [(True,)]


def test_a_missing_timestamp_counts_as_now_and_a_given_one_counts(
    acme_whatsapp, deliver, work, graph, db_rows
):
    given = math.floor(time.time()) - 5
    without = {key: value for key, value in GOOD.items() if key != "timestamp"}
    deliver(body_of(without, bodies.text(wamid="wamid.later", at=given)))
    work()

    ages = (
        "SELECT m.sent_at = d.received_at, extract(epoch FROM m.sent_at) FROM messaging.messages m"
    )
    query = f"{ages} JOIN messaging.webhook_deliveries d ON d.id = delivery_id ORDER BY external_id"
    (first, _), (second, at) = db_rows.execute(query).fetchall()
    assert (first, second, at) == (True, False, given)


@pytest.mark.parametrize("people", [1, 2_000], ids=["of one person", "of 2,000 people"])
def test_2000_messages_in_one_post_are_all_kept_in_their_order(
    acme_whatsapp, deliver, work, db_rows, people
):
    old = time.time() - 2 * WEEK  # too old to be answered
    sent = [
        bodies.text(f"{n}", sender=f"467{n % people:07}", wamid=f"wamid.{n:04}", at=old)
        for n in range(2_000)
    ]
    assert deliver(body_of(*sent)).status_code == 200
    work()

    assert messages(db_rows, "text") == [str(n) for n in range(2_000)]
    assert (count(db_rows, "contacts"), dead_letters(db_rows), deliveries(db_rows)) == (
        people,
        [],
        [FINISHED],
    )
    assert messages(db_rows, "seq") == [2 * (n // people) + 1 for n in range(2_000)]
