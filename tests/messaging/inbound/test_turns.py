"""Whose webhook is processed next: people's messages before what only reports, the numbers in turn,
whatever waits.
"""

from collections import Counter

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import WebhookDelivery
from tenants.scope import router_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_NUMBER, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp


def put(
    count: int,
    *,
    lane: int = 0,
    hint: str = ACME_NUMBER,
    size: int = 10,
    attempts: int = 0,
    db_rows: object = None,
) -> None:
    """So many waiting deliveries, as the door stores them."""
    for _ in range(count):
        WebhookDelivery.store("whatsapp", b"x" * size, lane=lane, route_hint=hint)
    if attempts:
        db_rows.execute(
            "UPDATE messaging.webhook_deliveries SET attempts = %s WHERE route_hint = %s",
            [attempts, hint],
        )


def leased(leaser: DeliveryLeaser, db_rows, column: str = "lane") -> Counter:
    ids = [delivery.id for delivery in leaser.lease()]
    rows = db_rows.execute(
        f"SELECT {column} FROM messaging.webhook_deliveries WHERE id = ANY(%s)", [ids]
    ).fetchall()
    return Counter(value for (value,) in rows)


def test_lanes_share_a_lease_eight_to_three_to_one(db_rows):
    for lane in (0, 1, 2):
        put(300, lane=lane)

    assert leased(DeliveryLeaser(), db_rows) == {0: 134, 1: 50, 2: 16}


def test_an_empty_lane_leaves_its_share_to_the_others(db_rows):
    put(300, lane=2)

    assert leased(DeliveryLeaser(), db_rows) == {2: 200}


def test_a_live_message_does_not_wait_behind_a_history(acme, acme_whatsapp, write, db_rows, graph):
    put(2000, lane=2)
    write("I am here now")
    DeliveryLeaser().process_due()

    assert [text for direction, text, _ in thread_of(acme) if direction == "inbound"] == [
        "I am here now"
    ]
    waiting = db_rows.execute(
        "SELECT count(*) FROM messaging.webhook_deliveries WHERE processed_at IS NULL"
    ).fetchone()
    assert waiting == (2000 - 199,)


def test_a_number_with_a_storm_leaves_the_other_its_turn(db_rows):
    put(1000, hint=ACME_NUMBER)
    put(3, hint=GLOBEX_NUMBER)

    assert leased(DeliveryLeaser(), db_rows, "route_hint") == {ACME_NUMBER: 100, GLOBEX_NUMBER: 3}


def test_every_number_has_its_turn_before_the_first_has_its_second(db_rows, monkeypatch):
    monkeypatch.setattr("messaging.models.delivery.HINTS", 4)
    for number in range(10):
        put(500, hint=f"{number:02}")
    leaser = DeliveryLeaser()

    assert [sorted(leased(leaser, db_rows, "route_hint")) for _ in range(4)] == [
        ["00", "01", "02", "03"],
        ["04", "05", "06", "07"],
        ["08", "09"],
        ["00", "01", "02", "03"],
    ]


def test_when_the_last_turn_brought_nothing_more_the_next_begins_at_the_first(db_rows, monkeypatch):
    monkeypatch.setattr("messaging.models.delivery.HINTS", 2)
    put(1, hint="01")
    put(1, hint="02")
    leaser = DeliveryLeaser()
    assert sorted(leased(leaser, db_rows, "route_hint")) == ["01", "02"]

    put(1, hint="01")
    assert leaser.after == "02"
    assert leaser.process_due() == 1


def test_a_lease_ends_with_the_delivery_that_passes_a_mebibyte(db_rows):
    put(5, size=400_000)

    assert [sum(leased(DeliveryLeaser(), db_rows).values()) for _ in range(2)] == [3, 2]


def test_one_that_may_have_killed_its_process_is_leased_alone_beside_the_others(db_rows):
    put(5, hint="01")
    put(2, hint="02", attempts=1, db_rows=db_rows)
    leaser = DeliveryLeaser()

    assert leased(leaser, db_rows, "route_hint") == {"01": 5}
    with router_scope():
        assert [len(WebhookDelivery.objects.lease_suspect(seconds=30)) for _ in range(3)] == [
            1,
            1,
            0,
        ]


def test_many_that_may_have_killed_their_process_hold_up_none_that_did_not(
    acme, acme_whatsapp, write, db_rows, graph
):
    put(300, attempts=1, db_rows=db_rows)
    write("I am here now")
    leaser = DeliveryLeaser()

    assert leaser.process_due() == 2  # the message, and one of those
    assert [text for direction, text, _ in thread_of(acme) if direction == "inbound"] == [
        "I am here now"
    ]


def test_numbers_whose_deliveries_another_process_has_leased_hide_no_other(db_rows, monkeypatch):
    monkeypatch.setattr("messaging.models.delivery.HINTS", 4)
    for number in range(12):
        put(1, hint=f"{number:02}")
    # and that process is slow, or was killed
    assert sum(leased(DeliveryLeaser(), db_rows).values()) == 4
    other = DeliveryLeaser()

    assert [sum(leased(other, db_rows).values()) for _ in range(3)] == [4, 4, 0]


@pytest.mark.parametrize("number", [ACME_NUMBER, ""])
def test_the_door_keeps_lane_and_number_of_each_webhook(deliver, db_rows, number):
    value = bodies.value(number, statuses=(bodies.status("wamid.1", "read"),))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))

    assert db_rows.execute(
        "SELECT lane, route_hint FROM messaging.webhook_deliveries"
    ).fetchall() == [(1, number or "-")]
