"""One large body: taken in portion by portion, in its order and once, while everybody else has
their turn in between.
"""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.inbound import batches, leasing
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, WebhookDelivery
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.outcomes import FINISHED, WAITING, dead_letters, deliveries, messages
from tests.support.whatsapp import bodies
from tests.support.whatsapp.large import OLD, numbered, of_acme, told

pytestmark = pytest.mark.whatsapp

PROGRESS = "SELECT recorded_items, attempts FROM messaging.webhook_deliveries ORDER BY id LIMIT 1"
# its lease has run out
KILLED = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"
NEIGHBOUR = {"number": GLOBEX_NUMBER, "account": GLOBEX_ACCOUNT, "at": OLD}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of ten items, so that a large body is one of a few dozen."""
    monkeypatch.setattr(batches, "PORTION_ITEMS", 10)


@pytest.fixture
def large(acme_whatsapp: Any, deliver: Any) -> bytes:
    """35 messages of three people wait, in one body to Acme."""
    body = of_acme("messages", messages=numbered(35, senders=3))
    assert deliver(body).status_code == 200
    return body


def recorded(db_rows: psycopg.Connection) -> list[str]:
    return [text for text in messages(db_rows, "text") if text.isdigit()]


def up_to(count: int) -> list[str]:
    return [str(n) for n in range(count)]


def drain(leaser: DeliveryLeaser) -> None:
    while leaser.process_due():
        pass


def another_process() -> DeliveryLeaser:
    """It has parsed nothing yet."""
    batches._rests.clear()
    return DeliveryLeaser()


def test_a_neighbours_message_waits_for_one_portion_of_a_large_body_at_most(
    globex_whatsapp, large, write, db_rows
):
    leaser = DeliveryLeaser()
    leaser.process_due()
    assert recorded(db_rows) == up_to(20)  # the first portion is a lease's, the second a rest's
    write("to Globex", sender="4990", **NEIGHBOUR)
    leaser.process_due()

    assert "to Globex" in messages(db_rows, "text")
    assert recorded(db_rows) == up_to(30)
    assert deliveries(db_rows) == [WAITING, FINISHED]


def test_a_neighbours_message_waits_for_one_portion_of_each_of_many_large_bodies(
    acme_whatsapp, globex_whatsapp, deliver, write, db_rows, monkeypatch
):
    monkeypatch.setattr(leasing, "TURN_SECONDS", 0)
    for first in range(5):
        deliver(
            of_acme(
                "messages",
                messages=[bodies.text("x", wamid=f"{first}-{n}", at=OLD) for n in range(25)],
            )
        )
    write("to Globex", sender="4990", **NEIGHBOUR)
    DeliveryLeaser().process_due()

    found = messages(db_rows, "text")
    # a portion beside it, and one of the rest
    assert (found.count("to Globex"), found.count("x")) == (1, 20)


def test_who_there_was_no_time_for_is_due_at_once_and_no_attempt_is_counted(
    acme_whatsapp, globex_whatsapp, deliver, db_rows, monkeypatch
):
    monkeypatch.setattr(leasing, "TURN_SECONDS", 0)
    monkeypatch.setattr(batches, "BATCH_ITEMS", 10)
    for account, number in ((ACME_ACCOUNT, ACME_NUMBER), (GLOBEX_ACCOUNT, GLOBEX_NUMBER)):
        deliver(
            bodies.webhook(
                bodies.entry(account, bodies.value(number, messages=tuple(numbered(10))))
            )
        )
    leaser = DeliveryLeaser()
    assert leaser.process_due() == 2
    state = (
        "SELECT attempts, recorded_items, due_at <= now() FROM messaging.webhook_deliveries WHERE"
        " processed_at IS NULL"
    )
    assert db_rows.execute(state).fetchall() == [(0, 0, True)]

    assert leaser.process_due() == 1
    assert deliveries(db_rows) == [FINISHED, FINISHED]


def test_large_bodies_of_two_numbers_have_their_portions_in_turn(
    acme_whatsapp, globex_whatsapp, deliver, db_rows
):
    for account, number in ((ACME_ACCOUNT, ACME_NUMBER), (GLOBEX_ACCOUNT, GLOBEX_NUMBER)):
        deliver(
            bodies.webhook(
                bodies.entry(account, bodies.value(number, messages=tuple(numbered(50))))
            )
        )
    leaser, seen = DeliveryLeaser(), []
    query = "SELECT recorded_items FROM messaging.webhook_deliveries ORDER BY id"
    while leaser.process_due():
        seen.append(tuple(items for (items,) in db_rows.execute(query).fetchall()))

    assert seen == [(20, 10), (20, 20), (30, 20), (30, 30), (40, 30), (40, 40), (0, 40), (0, 0)]


def test_everything_is_recorded_once_in_the_order_of_the_body(acme, large, db_rows):
    drain(DeliveryLeaser())

    assert recorded(db_rows) == up_to(35)
    assert deliveries(db_rows) == [FINISHED]
    by_person = [[str(n) for n in range(first, 35, 3)] for first in range(3)]
    threads = [list(texts) for texts in threads_of(acme)]
    assert sorted(threads, key=lambda texts: int(texts[0])) == by_person


def threads_of(tenant: Any) -> list[list[str]]:
    """The texts of each conversation, in its own order."""
    with operator_scope():
        contacts = Contact.objects.filter(tenant=tenant).order_by("id")
        found = [contact.conversations.get().messages.order_by("seq") for contact in contacts]
        return [list(messages.values_list("text", flat=True)) for messages in found]


def test_a_later_body_to_the_number_does_not_overtake_the_rest_and_one_to_another_lane_does(
    acme, large, write, deliver, report, db_rows
):
    leaser = DeliveryLeaser()
    leaser.process_due()
    write("later", sender="4670000000", at=OLD)
    deliver(of_acme("messages", statuses=[bodies.status("wamid.of-ours", "read")]))
    leaser.process_due()
    assert (recorded(db_rows), "later" in messages(db_rows, "text")) == (up_to(30), False)
    assert deliveries(db_rows) == [WAITING, WAITING, FINISHED]
    drain(leaser)

    assert threads_of(acme)[0] == [*(str(n) for n in range(0, 35, 3)), "later"]


def test_what_came_with_a_large_body_in_one_lease_does_not_overtake_its_rest(
    acme, large, write, db_rows
):
    write("later", sender="4670000000", at=OLD)
    leaser = DeliveryLeaser()
    leaser.process_due()
    assert (recorded(db_rows), "later" in messages(db_rows, "text")) == (up_to(20), False)
    drain(leaser)

    assert threads_of(acme)[0] == [*(str(n) for n in range(0, 35, 3)), "later"]


def test_what_names_no_number_waits_for_no_rest(
    acme, globex, acme_whatsapp, globex_whatsapp, deliver, db_rows
):
    alerts = [told(ACME_ACCOUNT, f"ALERT_{n}", OLD + n) for n in range(35)]
    deliver(bodies.webhook(*alerts))
    leaser = DeliveryLeaser()
    leaser.process_due()
    deliver(bodies.webhook(told(GLOBEX_ACCOUNT, "ALERT", OLD)))
    leaser.process_due()

    assert deliveries(db_rows) == [WAITING, FINISHED]


@pytest.mark.parametrize("turns", range(1, 4))
def test_a_process_killed_between_portions_loses_nothing_and_doubles_nothing(
    acme, large, db_rows, turns
):
    leaser = DeliveryLeaser()
    for _ in range(turns):
        leaser.process_due()
    drain(another_process())

    assert recorded(db_rows) == up_to(35)
    assert deliveries(db_rows) == [FINISHED]


def test_each_portion_in_another_process_records_everything_once_and_in_order(acme, large, db_rows):
    while another_process().process_due():
        pass

    assert (recorded(db_rows), deliveries(db_rows)) == (up_to(35), [FINISHED])
    assert [len(texts) for texts in threads_of(acme)] == [12, 12, 11]


def test_a_process_killed_before_it_noted_a_portion_repeats_that_one_alone(acme, large, db_rows):
    leaser = DeliveryLeaser()
    leaser.process_due()
    assert db_rows.execute(PROGRESS).fetchone() == (20, 0)
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET recorded_items = 10, attempts = 1, due_at = now()"
    )
    again = another_process()
    with CaptureQueriesContext(connection) as queries:
        again.process_due()
    repeated = [query["sql"] for query in queries if "wamid.00009" in query["sql"]]

    assert (repeated, db_rows.execute(PROGRESS).fetchone()) == ([], (20, 0))
    drain(again)
    assert (recorded(db_rows), deliveries(db_rows)) == (up_to(35), [FINISHED])


def test_a_rest_that_kills_its_process_again_and_again_is_set_aside_and_what_was_recorded_stays(
    large, db_rows
):
    leaser = DeliveryLeaser()
    leaser.process_due()
    for attempt in range(1, 5):
        lease = (
            WebhookDelivery.objects.lease_suspect
            if attempt > 1
            else WebhookDelivery.objects.lease_rest
        )
        with leasing.router_scope():
            # and the process is killed here
            assert [each.attempts for each in lease(seconds=30)] == [attempt]
        db_rows.execute(KILLED)
    drain(another_process())

    assert recorded(db_rows) == up_to(20)
    assert dead_letters(db_rows) == [("rejected", "Processing it did not come to an end 4 times.")]
    assert deliveries(db_rows) == [(True, "1 rejected")]


def test_a_portion_that_comes_to_an_end_clears_the_attempts_before_it(large, db_rows):
    leaser = DeliveryLeaser()
    leaser.process_due()
    db_rows.execute("UPDATE messaging.webhook_deliveries SET attempts = 3, due_at = now()")
    leaser.process_due()

    assert db_rows.execute(PROGRESS).fetchone() == (30, 0)


def test_a_number_whose_rest_may_have_killed_its_process_goes_on_with_what_came_later(
    large, write, db_rows
):
    leaser = DeliveryLeaser()
    leaser.process_due()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET attempts = 2, due_at = now() + interval '30"
        " seconds'"
    )
    write("later", at=OLD)
    leaser.process_due()

    assert "later" in messages(db_rows, "text")


def test_processed_again_it_begins_at_the_first_item(large, work, db_rows):
    drain(DeliveryLeaser())
    db_rows.execute(
        "DELETE FROM messaging.messages WHERE external_id IN ('wamid.00000', 'wamid.00034')"
    )
    with operator_scope():
        (delivery_id,) = WebhookDelivery.objects.values_list("id", flat=True)
        assert WebhookDelivery.objects.process_again([delivery_id]) == [delivery_id]
    assert db_rows.execute(PROGRESS).fetchone() == (0, 0)
    drain(DeliveryLeaser())

    assert recorded(db_rows) == up_to(35)


def test_a_portion_takes_the_same_statements_wherever_in_the_body_it_is(
    acme_whatsapp, deliver, db_rows
):
    deliver(of_acme("messages", messages=numbered(100)))
    leaser, counts = DeliveryLeaser(), []
    leaser.process_due()
    for _ in range(6):
        with CaptureQueriesContext(connection) as queries:
            leaser.process_due()
        counts.append(len(queries))

    assert (len(set(counts)), recorded(db_rows)) == (1, up_to(80))


def test_people_seen_for_the_first_time_make_a_portion_smaller(
    acme_whatsapp, deliver, db_rows, monkeypatch
):
    monkeypatch.setattr(batches, "PORTION_KEYS", 4)
    deliver(of_acme("messages", messages=numbered(30, senders=30)))
    DeliveryLeaser().process_due()

    assert recorded(db_rows) == up_to(8)


def test_one_transaction_locks_no_more_people_than_it_may_however_many_bodies_wait(
    acme_whatsapp, deliver, db_rows, monkeypatch
):
    monkeypatch.setattr(batches, "BATCH_KEYS", 4)
    # on a busy machine the first batch takes longer than a turn, and the second is the next one's
    monkeypatch.setattr(leasing, "TURN_SECONDS", 60)
    for _ in range(3):
        deliver(
            of_acme(
                "messages",
                messages=[
                    bodies.text(sender=sender, at=OLD) for sender in ("4671", "4672", "4673")
                ],
            )
        )
    deliver(
        of_acme(
            "messages",
            messages=[bodies.text(sender=sender, at=OLD) for sender in ("4674", "4675", "4676")],
        )
    )
    with CaptureQueriesContext(connection) as queries:
        DeliveryLeaser().process_due()

    locks = [query for query in queries if "pg_advisory_xact_lock" in query["sql"]]
    # the same three people are locked once
    assert (len(locks), deliveries(db_rows)) == (2, [FINISHED] * 4)


def test_a_process_keeps_the_parsed_rests_of_a_few_large_bodies_alone(deliver, db_rows):
    batches._rests.clear()
    for number in range(6):
        value = bodies.value(f"40000000000005{number}", messages=tuple(numbered(25)))
        deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
    leaser = DeliveryLeaser()
    leaser.process_due()
    assert len(batches._rests) == batches.KEPT_RESTS
    drain(leaser)

    assert (len(dead_letters(db_rows)), deliveries(db_rows)) == (
        6 * 25,
        [(True, "25 unroutable")] * 6,
    )
    assert batches._rests == {}
