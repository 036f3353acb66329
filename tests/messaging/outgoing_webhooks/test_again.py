"""Orders: events are sent again from a time or from one of them on, and a test event is sent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook
from uuid_utils.compat import uuid7

from channels_app.event_log import LoggedEvent
from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import again, endpoints, recording
from tenants.scope import tenant_scope
from tests.messaging.outgoing_webhooks.by_hand import leased, taken
from tests.messaging.outgoing_webhooks.happening import happen


@pytest.fixture
def replay(acme, endpoint):
    """Send again from an event or from a time on; how many events the endpoint is behind then."""

    def replay(start) -> int:
        with tenant_scope(acme.id):
            if hasattr(start, "year"):
                return again.replay_since(endpoint.id, start)
            return again.replay_from(endpoint.id, start)

    return replay


@pytest.fixture
def send_test(acme, endpoint):
    def send_test():
        with tenant_scope(acme.id):
            return again.send_test(endpoint.id)

    return send_test


def test_from_an_event_on_everything_comes_again_with_the_same_ids(
    endpoint, subscriber, acme_happens, deliver, replay
):
    a1, b1, a2 = acme_happens("a1 b1 a2")
    deliver()
    assert replay(b1) == 2
    deliver()

    assert subscriber.ids() == [a1, b1, a2, b1, a2]


def test_since_a_time_everything_that_was_logged_from_then_on_comes_again(
    endpoint, subscriber, acme_happens, deliver, replay
):
    acme_happens("a1 b1")
    moment = timezone.now()
    later = acme_happens("a2 b2")
    deliver()
    assert replay(moment) == 2
    deliver()

    assert subscriber.ids()[4:] == later


def test_a_time_after_everything_or_an_event_that_is_still_to_come_moves_nothing(
    endpoint, subscriber, acme_happens, deliver, replay
):
    acme_happens("a1")
    deliver()
    (b1,) = acme_happens("b1")
    assert (replay(timezone.now() + timedelta(hours=1)), replay(b1)) == (1, 1)
    deliver()

    assert subscriber.names() == ["a1", "b1"]


def test_an_event_that_is_not_in_order_yet_moves_nothing(acme, endpoint, replay):
    event = LoggedEvent(
        tenant_id=acme.id, type="message.received", subject_id=uuid7(), stream_id=uuid7()
    )
    with tenant_scope(acme.id):
        LoggedEvent.objects.append([event])

    assert replay(event.id) == 0


def test_what_was_set_aside_behind_that_place_is_read_again_in_order(
    endpoint, subscriber, acme_happens, deliver, replay, aside
):
    refused = {"a2"}
    subscriber.answer = lambda received: 500 if received.data["name"] in refused else 200
    a1 = acme_happens("z1 a1 a2 a3 b1")[1]
    deliver()
    assert len(aside()) == 2
    refused.clear()
    assert replay(a1) == 4
    assert aside() == []
    deliver()

    assert subscriber.names() == ["z1", "a1", "a2", "b1", "a1", "a2", "a3", "b1"]


def test_what_was_set_aside_before_that_place_keeps_its_stream_waiting(
    endpoint, subscriber, acme_happens, deliver, replay, aside, time_passes
):
    refused = {"a1"}
    subscriber.answer = lambda received: 500 if received.data["name"] in refused else 200
    a1, b1, a2 = acme_happens("a1 b1 a2")
    deliver()
    replay(b1)
    deliver()
    assert aside() == [(a1, 1, 5), (a2, 0, None)]
    refused.clear()
    time_passes(5)
    deliver()

    assert subscriber.names() == ["a1", "b1", "b1", "a1", "a2"]


def test_whoever_delivers_meanwhile_loses_the_lease_and_nothing_is_skipped(
    endpoint, subscriber, acme_happens, deliver, replay
):
    a2 = acme_happens("a1 a2 a3")[1]
    deliver()
    acme_happens("a4")
    (turn,) = leased()
    assert replay(a2) == 3
    result = taken(turn)
    assert not recording.record(turn, result)
    deliver()

    assert subscriber.names() == ["a1", "a2", "a3", "a4", "a2", "a3", "a4"]


def test_what_is_on_its_way_when_it_is_asked_for_again_is_sent_again(
    endpoint, subscriber, acme_happens, deliver, replay
):
    (a1,) = acme_happens("a1")
    (turn,) = leased()
    result = taken(turn)
    assert replay(a1) == 1
    assert not recording.record(turn, result)
    deliver()

    assert subscriber.names() == ["a1", "a1"]


def test_a_replay_ends_no_rest(endpoint, subscriber, acme_happens, deliver, replay, time_passes):
    subscriber.answer = lambda received: (429, {"Retry-After": "60"}, b"")
    (a1,) = acme_happens("a1")
    deliver()
    replay(a1)
    deliver()
    assert len(subscriber.received) == 1
    time_passes(60)
    deliver()
    assert len(subscriber.received) == 2


def test_no_event_or_endpoint_of_another_tenant_is_sent_again(
    acme, globex, endpoint, subscriber, register, deliver
):
    (theirs,) = happen(globex.id, "g1")
    (own,) = happen(acme.id, "a1")
    of_globex = register(globex, subscriber.url)
    for endpoint_id, event_id in ((endpoint.id, theirs), (of_globex.id, own)):
        with (
            tenant_scope(acme.id),
            pytest.raises((LoggedEvent.DoesNotExist, WebhookEndpoint.DoesNotExist)),
        ):
            again.replay_from(endpoint_id, event_id)


def test_a_test_event_is_sent_at_once_and_signed_like_any_other(
    acme, endpoint, subscriber, acme_happens, deliver, send_test, log, aside
):
    with tenant_scope(acme.id):
        secret = endpoints.rotate_secret(endpoint.id)
    id = send_test()
    deliver()

    (received,) = subscriber.received
    body = Webhook(secret).verify(received.content, received.headers)
    assert (received.id, body["type"]) == (id, "webhook.test")
    assert body["data"] == {
        "id": str(id),
        "tenant_id": str(acme.id),
        "endpoint_id": str(endpoint.id),
    }
    assert (log(), aside()) == ([(id, 1, "delivered", "200")], [])


def test_it_is_tried_once_and_the_log_tells_what_was_answered(
    endpoint, subscriber, acme_happens, deliver, send_test, time_passes, log, state
):
    subscriber.answer = lambda received: 500
    id = send_test()
    deliver()
    time_passes(10)
    deliver()

    assert log() == [(id, 1, "given_up", "500")]
    assert state("failures", "failing_since", "status") == (0, None, "enabled")


def test_it_goes_before_all_that_waits_even_while_the_endpoint_rests(
    endpoint, subscriber, acme_happens, deliver, send_test
):
    subscriber.answer = lambda received: (429, {"Retry-After": "600"}, b"")
    acme_happens("a1 b1")
    deliver()
    subscriber.answer = lambda received: 200
    id = send_test()
    deliver()

    assert subscriber.ids()[1] == id


def test_it_goes_before_what_is_to_be_tried_again(
    endpoint, subscriber, acme_happens, deliver, send_test, time_passes
):
    subscriber.answer = lambda received: 500
    acme_happens("a1 b1")
    deliver()
    time_passes(5)
    id = send_test()
    deliver()

    assert subscriber.ids()[2] == id


def test_one_waits_at_a_time(endpoint, send_test, deliver, subscriber):
    first = send_test()
    assert send_test() == first
    deliver()
    assert send_test() != first


def test_a_disabled_endpoint_gets_none(acme, endpoint, send_test):
    with tenant_scope(acme.id):
        endpoints.disable([endpoint.id])
    with pytest.raises(endpoints.Refused) as refused:
        send_test()
    assert str(refused.value) == "The endpoint is disabled: enable it first."


def test_of_what_was_logged_since_a_time_no_more_than_its_beginning_is_read(
    endpoint, subscriber, acme_happens, deliver, replay, monkeypatch
):
    monkeypatch.setattr(again, "OUT_OF_ORDER", 2)
    moment = timezone.now()
    acme_happens("a1 b1 a2 b2")
    deliver()
    with CaptureQueriesContext(connection) as asked:
        assert replay(moment) == 4

    assert sum("LIMIT 2)" in query["sql"] for query in asked) == 1
