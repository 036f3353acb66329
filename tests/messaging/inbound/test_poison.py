"""One item that cannot be recorded costs itself, and nothing beside it."""

import time

import pytest

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, thread_of
from tests.support.outcomes import FINISHED, dead_letters, deliveries, messages
from tests.support.poison import POISON
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

OLD = time.time() - 14 * 24 * 3600  # too old to be answered
EXPECTED = [f"wamid.{n:02}" for n in range(100) if n != 57]


@pytest.fixture
def poison(db_rows):
    """The database refuses a message with the text `poison`, and a template of that name."""
    db_rows.execute(POISON)
    yield "poison"
    db_rows.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")


def a_hundred(poisoned: dict) -> list[dict]:
    """The 58th is poisoned."""
    each = [
        bodies.text(f"{n}", sender=f"46700000{n % 7}", wamid=f"wamid.{n:02}", at=OLD)
        for n in range(100)
    ]
    return [*each[:57], poisoned, *each[58:]]


@pytest.mark.parametrize(
    ("poisoned", "reason"),
    [
        pytest.param(
            {"id": "wamid.57", "type": "text"},
            "The item names no contact.",
            id="the parser refuses it",
        ),
        pytest.param(
            bodies.text("poison", wamid="wamid.57", at=OLD),
            "It could not be recorded (22000).",
            id="the database refuses it",
        ),
    ],
)
def test_one_poisoned_message_costs_none_of_the_99_beside_it(
    acme_whatsapp, deliver, work, db_rows, poison, poisoned, reason
):
    body = bodies.webhook(
        bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=tuple(a_hundred(poisoned))))
    )
    assert deliver(body).status_code == 200
    work()

    assert messages(db_rows, "external_id") == EXPECTED
    assert dead_letters(db_rows) == [("rejected", reason)]
    assert deliveries(db_rows) == [(True, "1 rejected")]


def test_sixteen_poisoned_messages_in_eight_hundred_cost_themselves_and_no_other(
    acme_whatsapp, deliver, work, db_rows, poison
):
    words = ["poison" if index % 50 == 7 else f"{index}" for index in range(800)]
    messages_ = tuple(
        bodies.text(word, sender=f"4670{index % 97:04}", wamid=f"wamid.{index:03}", at=OLD)
        for index, word in enumerate(words)
    )
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages_)))
    )
    work()

    assert messages(db_rows, "external_id") == [
        f"wamid.{index:03}" for index in range(800) if index % 50 != 7
    ]
    assert dead_letters(db_rows) == [("rejected", "It could not be recorded (22000).")] * 16
    assert deliveries(db_rows) == [(True, "16 rejected")]


def test_a_poisoned_delivery_costs_none_of_those_that_came_with_it(
    acme, acme_whatsapp, write, deliver, work, db_rows, poison
):
    write("before", at=OLD)
    write("poison", at=OLD)
    deliver(b"not json")
    write("after", at=OLD)
    work()

    assert thread_of(acme) == [("inbound", "before", "received"), ("inbound", "after", "received")]
    assert deliveries(db_rows) == [FINISHED, (True, "1 rejected"), (True, "1 rejected"), FINISHED]


def test_a_side_effect_that_the_database_refuses_costs_its_item_and_no_other(
    acme, acme_whatsapp, write, deliver, work, db_rows, poison
):
    def approved(name: str) -> dict:
        value = {
            "event": "APPROVED",
            "message_template_id": 7,
            "message_template_name": name,
            "message_template_language": "en",
        }
        return bodies.change(ACME_ACCOUNT, "message_template_status_update", value)

    write("before", at=OLD)
    deliver(bodies.webhook(approved("good"), approved("poison"), approved("better")))
    deliver(bodies.webhook(approved("best")))
    write("after", at=OLD)
    work()

    names = db_rows.execute("SELECT name FROM messaging.message_templates ORDER BY name").fetchall()
    assert names == [("best",), ("better",), ("good",)]
    assert [text for _, text, _ in thread_of(acme)] == ["before", "after"]
    assert dead_letters(db_rows) == [("rejected", "It could not be recorded (22000).")]
    assert deliveries(db_rows) == [FINISHED, (True, "1 rejected"), FINISHED, FINISHED]


HALF, NUL = "\ud83d", "\x00"


@pytest.mark.parametrize("number", [HALF, NUL], ids=["half a character", "NUL"])
@pytest.mark.parametrize(
    ("field", "content"),
    [
        pytest.param("messages", {"errors": [{"code": 130429}]}, id="an error"),
        pytest.param("smb_message_echoes", {"message_echoes": [{}]}, id="an echo"),
        pytest.param("quantum_update", {}, id="a field of tomorrow"),
    ],
)
def test_an_event_whose_channel_cannot_be_stored_costs_none_of_those_that_came_with_it(
    acme, acme_whatsapp, write, deliver, work, db_rows, field, content, number
):
    value = {**content, "metadata": {"phone_number_id": number}}
    assert (
        deliver(
            bodies.webhook({"id": ACME_ACCOUNT, "changes": [{"field": field, "value": value}]})
        ).status_code
        == 200
    )
    write("after", at=OLD)
    work()

    assert thread_of(acme) == [("inbound", "after", "received")]
    assert [is_processed for is_processed, _ in deliveries(db_rows)] == [True, True]


@pytest.mark.parametrize(
    "account",
    [HALF, NUL, "9" * 10_000, 7, None],
    ids=["half", "NUL", "10,000 digits", "number", "null"],
)
def test_an_account_that_cannot_be_stored_is_nobodys(
    acme, acme_whatsapp, deliver, work, db_rows, account
):
    value = bodies.value(ACME_NUMBER, messages=(bodies.text(at=OLD),))
    assert (
        deliver(
            bodies.webhook({"id": account, "changes": [{"field": "messages", "value": value}]})
        ).status_code
        == 200
    )
    work()

    assert thread_of(acme) == []
    assert dead_letters(db_rows) == [
        ("rejected", "The number is connected under another business account.")
    ]
    assert deliveries(db_rows) == [(True, "1 rejected")]
