"""Items of a person that could not be recorded: they go with the person, and do not come back."""

import pytest

from messaging.models import Contact, DeadLetter, WebhookDelivery
from tenants.scope import operator_scope
from tests.support.cast import (
    ACME_ACCOUNT,
    ACME_NUMBER,
    GLOBEX_ACCOUNT,
    GLOBEX_NUMBER,
    GRACE,
)
from tests.support.dump import dump, holding
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADAS, of_ada

pytestmark = pytest.mark.whatsapp

TABLES = ["messaging.dead_letters", "messaging.webhook_deliveries"]


@pytest.fixture
def ada(acme_whatsapp, batch, work, graph):
    batch(of_ada(wamid="wamid.ada.1"))
    work()
    with operator_scope():
        return Contact.objects.get().id


def told(db_rows) -> dict:
    return holding(dump(db_rows), *ADAS)


def reasons() -> list[str]:
    with operator_scope():
        return list(DeadLetter.objects.order_by("id").values_list("reason", flat=True))


@pytest.mark.parametrize(
    "refused",
    [
        of_ada("canary of ada", wamid="") | {"id": ""},
        of_ada("canary of ada", wamid="wamid.ada.2") | {"x": float("inf")},
        of_ada("canary of ada", wamid="wamid.ada.2") | {"x": float("nan"), "id": "\x00"},
        of_ada("canary of ada", wamid="wamid.ada.2") | {"x": "\ud800\x00", "id": ["no text"]},
    ],
    ids=["no id", "infinite", "no number", "unwritable"],
)
def test_an_item_that_was_refused_goes_and_does_not_come_back(
    refused, ada, batch, deliver, erased, work, jobs, db_rows
):
    body = batch(refused, bodies.text("Hi", sender=GRACE, wamid="wamid.grace"))
    work()
    assert (len(reasons()), set(TABLES) - set(told(db_rows))) == (1, set())
    finished = erased(ada)
    assert (finished.status, told(db_rows)) == ("finished", {})

    deliver(body)
    work()
    jobs()
    assert (told(db_rows), reasons()) == ({}, [])


def test_an_item_that_has_no_channel_any_more_does_not_come_back(
    acme_whatsapp, ada, batch, deliver, erased, work, jobs, db_rows
):
    body = batch(of_ada("canary of ada", wamid="wamid.ada.2"))
    work()
    assert erased(ada).status == "finished"
    with operator_scope():
        type(acme_whatsapp).objects.update(status="disconnected")
    deliver(body)
    assert set(told(db_rows)) == {"messaging.webhook_deliveries"}
    work()
    jobs()

    assert (told(db_rows), reasons()) == ({}, [])


def test_what_was_summed_up_of_a_large_body_goes_too(ada, batch, erased, work, db_rows):
    """Of many items that are refused for one reason the last ones are kept in the bytes alone."""
    strangers = [bodies.text("Hi", sender=GRACE, wamid="") | {"id": ""} for _ in range(110)]
    batch(*strangers, of_ada("canary of ada") | {"id": ""})
    work()
    assert told(db_rows)["messaging.webhook_deliveries"]
    finished = erased(ada)

    assert (finished.status, told(db_rows)) == ("finished", {})
    with operator_scope():
        left = WebhookDelivery.objects.exclude(body=b"").get()
    assert bytes(left.body).count(GRACE.encode()) >= 110


@pytest.mark.parametrize("number", [ACME_NUMBER, GLOBEX_NUMBER], ids=["acme", "globex"])
def test_what_was_summed_up_does_not_come_back_with_the_bytes_of_a_repeated_body(
    number, globex_whatsapp, ada, deliver, erased, work, jobs, db_rows
):
    """Whosever items are told in front of it."""
    account = {ACME_NUMBER: ACME_ACCOUNT, GLOBEX_NUMBER: GLOBEX_ACCOUNT}[number]
    strangers = [bodies.text("Hi", sender=GRACE, wamid="") | {"id": ""} for _ in range(110)]
    adas = [of_ada("canary of ada") | {"id": ""}]
    body = bodies.webhook(
        bodies.entry(account, bodies.value(number, messages=strangers)),
        bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=adas)),
    )
    deliver(body)
    work()
    assert (erased(ada).status, told(db_rows)) == ("finished", {})
    before = len(reasons())
    deliver(body)
    assert set(told(db_rows)) == {"messaging.webhook_deliveries"}
    work()
    jobs()

    assert (told(db_rows), len(reasons())) == ({}, 2 * before)


def test_a_refused_item_of_others_is_still_set_aside(ada, batch, erased, work, db_rows):
    erased(ada)
    batch(bodies.text("Hi", sender=GRACE) | {"id": ""})
    work()

    assert len(reasons()) == 1
