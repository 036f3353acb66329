"""What a failed message changes beside its row, while somebody holds what it changes locked: it is
changed later, and nobody waits for it.
"""

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.outcomes import FINISHED, WAITING, deliveries
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age

pytestmark = pytest.mark.whatsapp

DUE = "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"


@pytest.fixture
def acme_whatsapp(acme_whatsapp, db_rows):
    return age(db_rows, acme_whatsapp)


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
    acme_whatsapp, ada, say, deliver, work, graph, other, db_rows, code, table, changed
):
    say("Hi", ada)
    work()
    db_rows.execute(
        "UPDATE messaging.messages SET external_id = 'wamid.ours' WHERE direction = 'outbound'"
    )
    status = bodies.status("wamid.ours", "failed", errors=[{"code": code, "title": "Refused"}])
    entry = bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, statuses=(status,)))
    deliver(bodies.webhook(entry))

    other.execute(f"SELECT FROM messaging.{table} FOR NO KEY UPDATE")
    DeliveryLeaser().process_due()
    assert (db_rows.execute(changed).fetchone(), deliveries(db_rows)[-1]) == ((False,), WAITING)

    other.rollback()
    db_rows.execute(DUE)
    DeliveryLeaser().process_due()
    assert (db_rows.execute(changed).fetchone(), deliveries(db_rows)[-1]) == ((True,), FINISHED)
