"""A process that has seen all that there was passes over endpoints for which nothing has happened
since, and over no others.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from messaging.outgoing_webhooks import again, endpoints, leasing, recording
from messaging.outgoing_webhooks.leasing import Look
from tenants.scope import tenant_scope
from tests.messaging.outgoing_webhooks.by_hand import taken
from tests.messaging.outgoing_webhooks.happening import happen


@pytest.fixture
def look(acme, endpoint, subscriber, acme_happens, deliver, monkeypatch):
    """Of a process that has just seen that there is nothing to do; an endpoint of Acme's with
    something to be tried again in 5 s, and the log of what it got.
    """
    monkeypatch.setattr(leasing, "SLACK_SECONDS", 0)
    subscriber.answer = lambda received: 500 if received.data["name"] == "a1" else 200
    acme_happens("a1 b1")
    deliver()
    look = Look(slow=False)
    assert (look.lease(5), look.after > 0) == ([], True)
    return look


def found(look):
    return [endpoint.id for endpoint in look.lease(5)]


def take(endpoint, requests):
    turn = leasing.turn_of(endpoint)
    assert recording.record(turn, taken(turn, requests))


def test_what_happens_is_seen(look, endpoint, acme_happens):
    acme_happens("b2")
    assert found(look) == [endpoint.id]


def test_what_is_to_be_tried_again_is_seen(look, endpoint, db_rows):
    db_rows.execute("UPDATE messaging.webhook_set_aside SET next_try_at = now()")
    assert found(look) == [endpoint.id]


def test_what_a_turn_left_over_is_seen(look, endpoint, acme_happens):
    acme_happens("b2 c1")
    (leased,) = look.lease(5)
    assert found(look) == []
    take(leased, requests=1)
    assert found(look) == [endpoint.id]


def test_what_a_killed_process_left_over_is_seen_when_its_lease_ends(
    look, endpoint, acme_happens, db_rows
):
    acme_happens("b2")
    assert len(Look(slow=False).lease(5)) == 1
    assert found(look) == []
    db_rows.execute("UPDATE messaging.webhook_endpoints SET due_at = now()")
    assert found(look) == [endpoint.id]


def test_the_end_of_a_rest_is_seen(look, endpoint, acme_happens, db_rows):
    db_rows.execute("UPDATE messaging.webhook_endpoints SET due_at = now() + interval '1 minute'")
    acme_happens("b2")
    assert found(look) == []
    db_rows.execute("UPDATE messaging.webhook_endpoints SET due_at = now()")
    assert found(look) == [endpoint.id]


def test_an_order_is_seen(look, acme, endpoint, acme_happens, log):
    b1 = log()[1][0]
    with tenant_scope(acme.id):
        again.replay_from(endpoint.id, b1)
    assert found(look) == [endpoint.id]


def test_a_test_event_is_seen(look, acme, endpoint):
    with tenant_scope(acme.id):
        again.send_test(endpoint.id)
    assert found(look) == [endpoint.id]


def test_one_that_is_enabled_is_seen(look, acme, endpoint, acme_happens):
    with tenant_scope(acme.id):
        endpoints.disable([endpoint.id])
    acme_happens("b2")
    assert found(look) == []
    with tenant_scope(acme.id):
        endpoints.enable([endpoint.id])
    assert found(look) == [endpoint.id]


def test_one_whose_answers_are_quick_again_is_seen_among_the_quick(
    look, endpoint, acme_happens, db_rows
):
    db_rows.execute("UPDATE messaging.webhook_endpoints SET is_slow = true")
    acme_happens("b2 c1")
    assert found(look) == []
    (leased,) = Look(slow=True).lease(5)
    take(leased, requests=1)
    assert found(look) == [endpoint.id]


def test_a_look_that_was_full_has_not_seen_all(look, acme, globex, endpoint, subscriber, register):
    others = [register(globex, subscriber.url).id for _ in range(3)]
    happen(globex.id, "g1")
    first = [endpoint.id for endpoint in look.lease(2)]
    rest = [endpoint.id for endpoint in look.lease(2)]

    assert sorted(first + rest) == sorted(others)


def test_what_nobody_has_seen_is_seen_within_a_minute(look, endpoint, acme_happens, db_rows):
    """However it came about."""
    db_rows.execute("UPDATE messaging.webhook_endpoints SET position = 0, due_at = '2026-01-01'")
    assert found(look) == []
    look.anew_at = 0
    assert found(look) == [endpoint.id]


def test_a_process_that_was_away_for_long_looks_at_all(look, endpoint, acme_happens, monkeypatch):
    monkeypatch.setattr(leasing, "FAR", 1)
    acme_happens("b2 b3")
    assert found(look) == [endpoint.id]
    assert look.since > leasing.EVER


@pytest.mark.parametrize(
    "change",
    [
        lambda id: endpoints.update(id, description="The CRM"),
        lambda id: endpoints.update(id, types=[]),
        endpoints.rotate_secret,
    ],
    ids=["described", "other types", "another secret"],
)
def test_what_happened_while_a_change_held_the_endpoint_is_seen(
    look, acme, endpoint, acme_happens, change, db_rows, monkeypatch
):
    monkeypatch.setattr(leasing, "SLACK_SECONDS", 60)
    db_rows.execute("UPDATE messaging.webhook_endpoints SET due_at = now() - interval '1 hour'")
    with ThreadPoolExecutor() as another, tenant_scope(acme.id):
        change(endpoint.id)  # its row is locked until the commit
        another.submit(acme_happens, "b2").result()
        assert another.submit(found, look).result() == []
    assert found(look) == [endpoint.id]
