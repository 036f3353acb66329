"""A request that is sent again with its Idempotency-Key is done once, and answered alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.maintenance.tasks import forget_outdated
from messaging.models import IdempotencyKey, Message
from tenants.scope import operator_scope
from tests.support.api import Caller, new_key
from tests.support.together import at_once

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def body(ada) -> dict:
    return {
        "conversation": str(ada),
        "content": {"kind": "text", "body": "Your order is on its way"},
    }


def count() -> int:
    with operator_scope():
        return Message.objects.filter(direction="outbound").count()


def test_the_same_request_is_answered_alike_and_sent_once(acmes, body, work, graph):
    first = acmes.post("messages", body, Idempotency_Key="order 7")
    work()
    again = acmes.post("messages", body, Idempotency_Key="order 7")
    work()

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (count(), len(graph.ledger)) == (1, 1)


def test_the_order_of_a_bodys_fields_is_no_difference(acmes, body):
    first = acmes.post("messages", body, Idempotency_Key="order 7")
    again = acmes.post("messages", dict(reversed(body.items())), Idempotency_Key="order 7")

    assert again.json() == first.json()


def test_without_a_key_every_request_is_a_new_one(acmes, body):
    assert acmes.post("messages", body).json()["id"] != acmes.post("messages", body).json()["id"]


def test_the_same_key_for_something_else_is_refused(acmes, body):
    acmes.post("messages", body, Idempotency_Key="order 7")
    other = {**body, "content": {"kind": "text", "body": "Something else"}}

    refused = acmes.post("messages", other, Idempotency_Key="order 7")

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert count() == 1


def test_a_request_that_was_refused_leaves_no_key(acmes, body):
    wrong = {**body, "content": {"kind": "text", "body": ""}}

    refused = acmes.post("messages", wrong, Idempotency_Key="order 7")
    mended = acmes.post("messages", body, Idempotency_Key="order 7")

    assert (refused.status_code, mended.status_code) == (422, 202)


@pytest.mark.parametrize("key", ["", "x" * 256, "\xe9", "a\x7f"])
def test_a_key_that_is_none_is_refused(acmes, body, key):
    refused = acmes.call(
        "POST", "messages", json=body, headers={"Idempotency-Key": key.encode("latin-1")}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_idempotency_key")
    assert count() == 0


def test_a_key_of_255_characters_is_taken(acmes, body):
    assert acmes.post("messages", body, Idempotency_Key="x" * 255).status_code == 202


def test_a_key_is_good_for_24_hours(acmes, body):
    first = acmes.post("messages", body, Idempotency_Key="order 7").json()["id"]
    ids = []
    for hours in (23, 25):
        with operator_scope():
            IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=hours))
        ids.append(acmes.post("messages", body, Idempotency_Key="order 7").json()["id"])

    assert (ids[0] == first, ids[1] == first, count()) == (True, False, 2)


def test_keys_that_are_over_are_deleted_by_the_jobs(acmes, body, db_rows):
    for key in ("old", "new"):
        acmes.post("messages", body, Idempotency_Key=key)
    with operator_scope():
        IdempotencyKey.objects.filter(key="old").update(
            created_at=timezone.now() - timedelta(hours=25)
        )

    forget_outdated(timestamp=0)

    assert db_rows.execute("SELECT key FROM messaging.idempotency_keys").fetchall() == [("new",)]


def test_each_business_has_keys_of_its_own(acmes, globexs, body):
    acmes.post("messages", body, Idempotency_Key="order 7")

    refused = globexs.post("messages", body, Idempotency_Key="order 7")

    assert refused.status_code == 404


def test_a_rotated_key_of_the_api_repeats_the_requests_of_the_old_one(acmes, acme, web, body):
    first = acmes.post("messages", body, Idempotency_Key="order 7")

    again = Caller(web, new_key(acme)).post("messages", body, Idempotency_Key="order 7")

    assert again.json() == first.json()


def test_64_at_once_with_one_key_send_one_message(acme, web, body, work, graph):
    key = new_key(acme)

    answers = at_once(
        lambda _: Caller(web, key).post("messages", body, Idempotency_Key="order 7"),
        times=64,
        threads=64,
    )

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert [a.headers.get("Idempotent-Replayed") for a in answers].count(None) == 1
    work()
    assert (count(), len(graph.ledger)) == (1, 1)
