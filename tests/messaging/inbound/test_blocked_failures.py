"""What a failed message changes beside its row, while somebody holds what it changes locked: it is
changed later, and nobody waits for it.
"""

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.outcomes import FINISHED, WAITING, deliveries
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age, now
from tests.support.whatsapp.channel import connect

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

HELD = "SELECT FROM messaging.{} FOR NO KEY UPDATE"
DUE = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"
WAITED = """
    UPDATE messaging.webhook_deliveries
    SET waits_since = now() - make_interval(secs => %s) WHERE due_at IS NOT NULL"""
PAUSE = """
    SELECT round(extract(epoch FROM due_at - now())) FROM messaging.webhook_deliveries
    WHERE due_at IS NOT NULL"""


@pytest.fixture
def acme_whatsapp(acme_whatsapp, db_rows):
    return age(db_rows, acme_whatsapp)


@pytest.fixture
def fail(acme_whatsapp, ada, say, work, deliver, graph, db_rows):
    """A webhook says that our message to Ada failed: `fail(131047)`."""

    def fail(code: int) -> None:
        say("Hi", ada)
        work()
        db_rows.execute(
            "UPDATE messaging.messages SET external_id = 'wamid.ours' WHERE direction = 'outbound'"
        )
        status = bodies.status("wamid.ours", "failed", errors=[{"code": code, "title": "Refused"}])
        value = bodies.value(ACME_NUMBER, statuses=(status,))
        deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))

    return fail


@pytest.mark.parametrize(
    ("code", "table", "changed"),
    [
        pytest.param(
            131031, "channels", "SELECT status = 'restricted' FROM messaging.channels", id="parked"
        ),
        pytest.param(
            131047,
            "conversations",
            "SELECT window_closes_at <= now() FROM messaging.conversations",
            id="the window is closed",
        ),
        pytest.param(
            131050,
            "contacts",
            "SELECT marketing_opted_out_at IS NOT NULL FROM messaging.contacts",
            id="opted out",
        ),
    ],
)
def test_what_a_failed_message_changes_is_changed_once_nobody_holds_it_locked(
    fail, other, db_rows, code, table, changed
):
    fail(code)
    other.execute(HELD.format(table))
    DeliveryLeaser().process_due()
    assert (db_rows.execute(changed).fetchone(), deliveries(db_rows)[-1]) == ((False,), WAITING)

    other.rollback()
    db_rows.execute(DUE)
    DeliveryLeaser().process_due()
    assert (db_rows.execute(changed).fetchone(), deliveries(db_rows)[-1]) == ((True,), FINISHED)


def test_a_restricted_account_takes_a_channel_with_it_that_somebody_holds_locked(
    fail, acme, acme_whatsapp, other, db_rows
):
    second = connect(acme, "400000000000003", ACME_ACCOUNT, "token-of-acme")
    fail(131031)
    other.execute("SELECT FROM messaging.channels WHERE id = %s FOR NO KEY UPDATE", [second.id])
    DeliveryLeaser().process_due()
    assert (now(acme_whatsapp).status, now(second).status) == ("restricted", "live")

    other.rollback()
    db_rows.execute(DUE)
    DeliveryLeaser().process_due()
    assert (now(second).status, deliveries(db_rows)[-1]) == ("restricted", FINISHED)


def test_a_failure_is_logged_once_however_often_its_delivery_is_tried(fail, other, db_rows, caplog):
    def logged() -> int:
        return sum(record.name == "messaging.failures" for record in caplog.records)

    fail(131047)
    other.execute(HELD.format("conversations"))
    for _ in range(3):
        DeliveryLeaser().process_due()
        db_rows.execute(DUE)
    assert logged() == 0

    other.rollback()
    DeliveryLeaser().process_due()
    assert logged() == 1


def test_a_delivery_that_stays_blocked_is_tried_less_often(fail, other, db_rows):
    fail(131047)
    other.execute(HELD.format("conversations"))
    pauses = []
    for waited in (0, 40, 3600):
        db_rows.execute(DUE)
        db_rows.execute(WAITED, [waited])
        DeliveryLeaser().process_due()
        pauses += db_rows.execute(PAUSE).fetchone()

    assert pauses == [2, 10, 60]
