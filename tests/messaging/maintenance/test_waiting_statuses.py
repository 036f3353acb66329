"""Statuses that were stored as waiting while their messages became known: each is found, by bounded
looks.
"""

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps, waiting_statuses
from messaging.maintenance.tasks import forget_outdated, match_statuses
from messaging.models import Message
from messaging.models import status as statuses
from tenants.scope import operator_scope
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

WAITING = "SELECT external_id FROM messaging.message_statuses WHERE message_id IS NULL ORDER BY 1"


@pytest.fixture
def raced(acme_whatsapp, write, work, graph, report, db_rows) -> None:
    """A status of a message of ours waits between two of another application's: each was stored
    before the message's id was.
    """
    write("Hello")
    work()
    db_rows.execute("UPDATE messaging.messages SET external_id = NULL WHERE origin = 'automatic'")
    for wamid in ("wamid.anothers", "wamid.ours", "wamid.anothers.too"):
        report(bodies.status(wamid, "delivered"))
        DeliveryLeaser().process_due()
    db_rows.execute(
        "UPDATE messaging.messages SET external_id = 'wamid.ours' WHERE origin = 'automatic'"
    )


def reply() -> str:
    with operator_scope():
        return Message.objects.get(origin="automatic").status


def age(db_rows, interval: str) -> None:
    db_rows.execute(
        "UPDATE messaging.message_statuses SET recorded_at = recorded_at - %s::interval",
        [interval],
    )


def test_a_sweep_finds_a_status_of_the_last_half_minute(raced, db_rows):
    sweeps.run_sweep(sweeps.match_statuses)

    assert reply() == "delivered"
    assert db_rows.execute(WAITING).fetchall() == [("wamid.anothers",), ("wamid.anothers.too",)]


def test_a_sweep_looks_at_no_older_one_and_the_clock_finds_it(raced, db_rows):
    age(db_rows, "2 minutes")
    sweeps.run_sweep(sweeps.match_statuses)
    assert reply() == "accepted"
    match_statuses(timestamp=0)

    assert reply() == "delivered"


def test_however_many_wait_each_is_looked_at(raced, db_rows, monkeypatch):
    monkeypatch.setattr(waiting_statuses, "AT_ONCE", 1)
    sweeps.run_sweep(sweeps.match_statuses)
    assert reply() == "accepted"
    match_statuses(timestamp=0)

    assert reply() == "delivered"


def test_a_status_that_nobody_found_within_a_week_is_looked_at_before_it_goes(
    raced, db_rows, monkeypatch
):
    monkeypatch.setattr(statuses, "ORPHANS_AT_ONCE", 2)
    age(db_rows, "8 days")
    match_statuses(timestamp=0)
    assert reply() == "accepted"
    forget_outdated(timestamp=0)

    assert (reply(), db_rows.execute(WAITING).fetchall()) == ("delivered", [])
