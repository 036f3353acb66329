"""Bodies of many items of any kind: taken in by portions and whole; what is refused by the thousand
is told in a sentence.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from channels_app.models import ChannelEvent, MessageTemplate
from messaging.inbound import batches
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, ContactChange, MessageStatus
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import ACME_ACCOUNT
from tests.support.outcomes import FINISHED, dead_letters, deliveries
from tests.support.whatsapp import bodies
from tests.support.whatsapp.large import (
    OLD,
    address_book,
    history,
    of_acme,
    preferences,
    templates,
    told,
)

pytestmark = pytest.mark.whatsapp

# its lease has run out
KILLED = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of ten items, so that a large body is one of a few dozen."""
    monkeypatch.setattr(batches, "PORTION_ITEMS", 10)


def drain(leaser: DeliveryLeaser) -> None:
    while leaser.process_due():
        pass


def count_of(model: Any) -> Callable[[], int]:
    def count() -> int:
        with operator_scope():
            return model.objects.count()

    return count


LARGE = {
    "statuses": (
        lambda n: of_acme("messages", statuses=[bodies.status(f"w{i}", "read") for i in range(n)]),
        MessageStatus,
    ),
    "a history": (history, None),
    "an address book": (address_book, Contact),
    "preferences": (preferences, Contact),
    "account alerts": (
        lambda n: bodies.webhook(*(told(ACME_ACCOUNT, f"A{i}", OLD + i) for i in range(n))),
        ChannelEvent,
    ),
    "templates": (templates, MessageTemplate),
}


@pytest.mark.parametrize(("body_of", "model"), LARGE.values(), ids=LARGE)
def test_any_large_body_is_taken_in_by_portions_and_whole(
    acme_whatsapp, deliver, db_rows, body_of, model
):
    assert deliver(body_of(35)).status_code == 200
    count = (
        count_of(model)
        if model
        else lambda: db_rows.execute("SELECT count(*) FROM messaging.messages").fetchone()[0]
    )
    leaser, seen = DeliveryLeaser(), []
    while leaser.process_due():
        seen.append(count())

    assert seen == [20, 30, 35]
    assert (dead_letters(db_rows), deliveries(db_rows)) == ([], [FINISHED])


def test_id_changes_by_the_dozen_are_taken_in_by_portions(
    acme_whatsapp, deliver, write, work, graph, db_rows
):
    for n in range(25):
        write("Hello", sender=f"SE.old{n}", at=OLD)
    work()
    updates = [
        {"user_id": {"previous": f"SE.old{n}", "current": f"SE.new{n}"}, "timestamp": str(OLD)}
        for n in range(25)
    ]
    deliver(of_acme("user_id_update", user_id_update=updates))
    changes, leaser, seen = count_of(ContactChange), DeliveryLeaser(), []
    while leaser.process_due():
        seen.append(changes())

    assert seen[0] < seen[1] == seen[-1]
    with operator_scope():
        assert {
            contact.identities.filter(is_active=True).get().value[:6]
            for contact in Contact.objects.all()
        } == {"SE.new"}


@pytest.mark.parametrize("locked", ["t3", "t23"], ids=["in the first portion", "in the last"])
def test_templates_that_somebody_holds_locked_are_concluded_as_soon_as_they_are_free(
    acme_whatsapp, deliver, db_rows, database_name, locked
):
    deliver(templates(25, "APPROVED", OLD))
    drain(DeliveryLeaser())
    deliver(templates(25, "REJECTED", OLD + 1000))
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute(
            "SELECT FROM messaging.message_templates WHERE name = %s FOR UPDATE", [locked]
        )
        for _ in range(3):
            DeliveryLeaser().process_due()
    query = (
        "SELECT status, count(*) FROM messaging.message_templates GROUP BY status ORDER BY status"
    )
    assert db_rows.execute(query).fetchall() != [("rejected", 25)]

    db_rows.execute(KILLED)
    drain(DeliveryLeaser())
    assert (db_rows.execute(query).fetchall(), deliveries(db_rows)) == (
        [("rejected", 25)],
        [FINISHED, FINISHED],
    )


EMPTY_CHANGE = "A change has no field or no value."
MORE = "{} The delivery has {} of these from here on; they are kept in its bytes alone."
NO_KEY = "The item is not built as Meta documents it (KeyError)."
EMPTY = {
    "changes": ({"changes": [{}] * 400}, EMPTY_CHANGE),
    "changes without a value": ({"changes": [{"field": "messages"}] * 400}, EMPTY_CHANGE),
    "changes of an empty value": ({"changes": [{"value": {}}] * 400}, EMPTY_CHANGE),
    "numbers": ({"changes": [7] * 400}, "changes holds something that is no object."),
    "null, text and lists": (
        {"changes": [None, "x", [], [[]]] * 100},
        "changes holds something that is no object.",
    ),
}


@pytest.mark.parametrize(("entry", "reason"), EMPTY.values(), ids=EMPTY)
def test_parts_without_anything_in_them_are_told_in_one_sentence(deliver, db_rows, entry, reason):
    deliver(bodies.webhook({"id": ACME_ACCOUNT, **entry}))
    assert DeliveryLeaser().process_due() == 1

    assert dead_letters(db_rows) == [("rejected", MORE.format(reason, 400))]
    assert deliveries(db_rows) == [(True, "1 rejected")]


def test_40000_empty_changes_are_one_dead_letter(deliver, db_rows):
    deliver(bodies.webhook({"id": ACME_ACCOUNT, "changes": [{}] * 40_000}))
    drain(DeliveryLeaser())

    assert dead_letters(db_rows) == [("rejected", MORE.format(EMPTY_CHANGE, 40_000))]


def test_empty_parts_of_each_reason_have_their_own_sentence_at_the_position_of_the_first(
    acme_whatsapp, deliver, db_rows
):
    message = bodies.text("between", at=OLD)
    kept = of_acme("messages", messages=[message]).decode()
    entry = kept[kept.index('{"id"') : -2]
    mixed = f'{{"entry": [7, 7, {entry}, {{"changes": [{{}}, 8, {{}}]}}, 7]}}'.encode()
    deliver(mixed)
    drain(DeliveryLeaser())

    query = "SELECT position, reason FROM messaging.dead_letters ORDER BY position"
    assert db_rows.execute(query).fetchall() == [
        (0, MORE.format("entry holds something that is no object.", 3)),
        (3, MORE.format(EMPTY_CHANGE, 2)),
        (4, "changes holds something that is no object."),
    ]
    assert db_rows.execute("SELECT text FROM messaging.messages").fetchall() == [("between",)]


def test_refused_items_of_somebodys_have_a_dead_letter_each_up_to_a_hundred_of_a_reason(
    acme_whatsapp, deliver, db_rows
):
    without_id = [{"from": "4670", "type": "text", "text": {"body": f"{n}"}} for n in range(250)]
    without_sender = [
        {"id": f"wamid.{n}", "type": "text", "text": {"body": f"{n}"}} for n in range(3)
    ]
    deliver(of_acme("messages", messages=[*without_id, *without_sender]))
    drain(DeliveryLeaser())

    letters = dead_letters(db_rows)
    assert letters[:100] == [("rejected", NO_KEY)] * 100
    assert letters[100:] == [
        ("rejected", MORE.format(NO_KEY, 150)),
        *[("rejected", "The item names no contact.")] * 3,
    ]
    assert deliveries(db_rows) == [(True, "104 rejected")]


def test_a_change_without_a_field_that_holds_somebodys_message_keeps_its_own_dead_letter(
    deliver, db_rows
):
    changes = [{"value": {"messages": [bodies.text(f"{n}")]}} for n in range(3)]
    deliver(bodies.webhook({"id": ACME_ACCOUNT, "changes": changes}))
    drain(DeliveryLeaser())

    assert dead_letters(db_rows) == [("rejected", EMPTY_CHANGE)] * 3


def test_what_is_refused_is_counted_once_however_often_its_process_is_killed(
    acme_whatsapp, deliver, db_rows
):
    changes = [{}, {"field": "messages", "value": {"messages": [{"id": "x"}] * 250}}, {}]
    deliver(bodies.webhook({"id": ACME_ACCOUNT, "changes": changes}))
    while DeliveryLeaser().process_due():
        batches._rests.clear()  # what another process has not parsed

    letters = dead_letters(db_rows)
    assert (len(letters), letters.count(("rejected", MORE.format(EMPTY_CHANGE, 2)))) == (102, 1)
