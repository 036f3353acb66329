"""A process that is killed after it has recorded a batch leaves nothing half done: what the items
change beside their rows is applied by whoever comes next.
"""

import time
from datetime import UTC, datetime

import pytest

from channels_app.models import MessageTemplate
from messaging.inbound import recording
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, Conversation
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.outcomes import FINISHED, WAITING, count, deliveries
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age, health, now, told

pytestmark = pytest.mark.whatsapp

LEASE_HAS_RUN_OUT = (
    "UPDATE messaging.webhook_deliveries SET due_at = now(), attempts = 1 WHERE due_at IS NOT NULL"
)
PROMO = {
    "message_template_id": 7,
    "message_template_name": "promo",
    "message_template_language": "en",
}


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def acme_whatsapp(acme_whatsapp, db_rows):
    return age(db_rows, acme_whatsapp)


@pytest.fixture
def die(monkeypatch, db_rows):
    """Take in what waits, in a process that is killed right after a function of the recording:
    `die("record")`. Its lease runs out.
    """

    def die(name: str) -> None:
        finish = getattr(recording, name)

        def killed(*args: object) -> None:
            finish(*args)
            raise Killed

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(recording, name, killed)
            DeliveryLeaser().process_due()
        db_rows.execute(LEASE_HAS_RUN_OUT)

    return die


def ban(state: str, at: float) -> dict:
    return told(
        ACME_ACCOUNT,
        "account_update",
        event="DISABLED_UPDATE",
        ban_info={"waba_ban_state": state},
        at=at,
    )


def template(event: str, at: float) -> dict:
    return told(ACME_ACCOUNT, "message_template_status_update", event=event, at=at, **PROMO)


def failed(code: int) -> dict:
    """A status of our message to Ada."""
    error = {"code": code, "title": "Refused"}
    status = bodies.status("wamid.ours", "failed", errors=[error])
    return bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, statuses=(status,)))


def template_status(_) -> list[str]:
    with operator_scope():
        return list(MessageTemplate.objects.values_list("status", flat=True))


def is_open(_) -> bool:
    with operator_scope():
        return Conversation.objects.get().window_closes_at > datetime.now(UTC)


def is_opted_out(_) -> bool:
    with operator_scope():
        return Contact.objects.get().marketing_opted_out_at is not None


def status_of(channel) -> str:
    return now(channel).status


def recorded(db_rows) -> list[int]:
    return [count(db_rows, table) for table in ("channel_events", "message_statuses")]


EARLIER = time.time() - 1800  # and after the channel was connected
EFFECTS = [
    pytest.param(
        ban("SCHEDULE_FOR_DISABLE", EARLIER),
        ban("DISABLE", time.time()),
        status_of,
        ("live", "restricted"),
        id="an account update parks the channel",
    ),
    pytest.param(
        ban("DISABLE", EARLIER),
        ban("REINSTATE", time.time()),
        status_of,
        ("restricted", "live"),
        id="an account update makes the channel live",
    ),
    pytest.param(
        told(ACME_ACCOUNT, "account_review_update", decision="PENDING", at=EARLIER),
        told(ACME_ACCOUNT, "account_review_update", decision="APPROVED"),
        health,
        ({"review": "pending"}, {"review": "approved"}),
        id="an account update is the channel's health",
    ),
    pytest.param(
        template("PENDING", EARLIER),
        template("APPROVED", time.time()),
        template_status,
        (["pending"], ["approved"]),
        id="a template is approved",
    ),
    pytest.param(
        None,
        failed(131031),
        status_of,
        ("live", "restricted"),
        id="a failed message parks the channel",
    ),
    pytest.param(
        None, failed(131047), is_open, (True, False), id="a failed message closes the window"
    ),
    pytest.param(
        None, failed(131050), is_opted_out, (False, True), id="a failed message stops marketing"
    ),
]


@pytest.mark.parametrize("last", ["record", "apply_side_effects"])
@pytest.mark.parametrize(("first", "then", "state", "before_and_after"), EFFECTS)
def test_what_a_killed_process_recorded_is_applied_by_the_next_and_once(
    acme_whatsapp,
    ada,
    say,
    deliver,
    work,
    graph,
    db_rows,
    die,
    last,
    first,
    then,
    state,
    before_and_after,
):
    say("Hi", ada)
    work()
    db_rows.execute(
        "UPDATE messaging.messages SET external_id = 'wamid.ours' WHERE direction = 'outbound'"
    )
    if first:
        deliver(bodies.webhook(first))
        work()
    before, after = before_and_after
    assert state(acme_whatsapp) == before

    deliver(bodies.webhook(then))
    die(last)
    assert state(acme_whatsapp) == (before if last == "record" else after)
    rows, delivery = recorded(db_rows), deliveries(db_rows)[-1]
    work()

    assert state(acme_whatsapp) == after
    assert (delivery, deliveries(db_rows)[-1]) == (WAITING, FINISHED)
    assert recorded(db_rows) == rows


def test_what_came_with_it_is_finished_when_it_is_recorded(
    acme_whatsapp, deliver, write, graph, db_rows, die
):
    write("before")
    deliver(bodies.webhook(ban("DISABLE", time.time())))
    write("after")
    die("record")

    assert sorted(deliveries(db_rows)) == [WAITING, FINISHED, FINISHED]
