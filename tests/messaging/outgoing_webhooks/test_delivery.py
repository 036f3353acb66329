"""From the log to the subscriber: everything, once where nothing fails, and each stream in
order.
"""

import logging
import threading

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from channels_app.event_log import EventType, LoggedEvent
from messaging.models.webhook_endpoint import MOST_SET_ASIDE
from messaging.outgoing_webhooks import delivery, endpoints, leasing, recording, retry
from messaging.outgoing_webhooks.delivery import Deliverer
from tenants.scope import operator_scope, tenant_scope
from tests.messaging.outgoing_webhooks.by_hand import leased, taken
from tests.messaging.outgoing_webhooks.happening import happen, stream

HOUR = 3600


def refuse(*names, status=500):
    """Answer 500 to these events as long as they are in the set."""
    refused = set(names)
    return refused, lambda received: status if received.data["name"] in refused else 200


def test_what_happens_is_sent_in_order_and_once(
    endpoint, subscriber, acme_happens, deliver, log, aside
):
    ids = acme_happens("a1 b1 a2 a3 b2")

    deliver()
    deliver()

    assert subscriber.ids() == ids
    assert log() == [(id, 1, "delivered", "200") for id in ids]
    assert aside() == []


def test_more_than_one_turn_takes_is_all_sent(endpoint, subscriber, acme_happens, deliver):
    names = " ".join(f"{word}{number}" for number in range(120) for word in "abc")
    ids = acme_happens(names)
    deliver()

    assert subscriber.ids() == ids


def test_an_endpoint_gets_what_happens_after_it_was_made(
    acme, subscriber, register, acme_happens, deliver
):
    acme_happens("a1 a2")
    register(acme, subscriber.url)
    later = acme_happens("a3")
    deliver()

    assert subscriber.ids() == later


def test_an_endpoint_gets_the_types_that_it_wants(
    acme, subscriber, register, acme_happens, deliver, state
):
    register(acme, subscriber.url, types=[EventType.CONTACT_CREATED, EventType.CONTACT_MERGED])
    acme_happens("a1 a2")
    wanted = acme_happens("c1", type=EventType.CONTACT_CREATED)
    acme_happens(" ".join(f"b{number}" for number in range(600)))
    wanted += acme_happens("c2", type=EventType.CONTACT_MERGED)
    (last,) = acme_happens("a3")
    deliver()

    assert subscriber.ids() == wanted
    with operator_scope():
        assert state("position") == (LoggedEvent.objects.get(id=last).position,)


def test_every_endpoint_of_a_tenant_gets_its_own_and_of_others_none(
    acme, globex, subscribe, register, deliver
):
    first, second, others = subscribe(), subscribe(), subscribe()
    for tenant, subscriber in ((acme, first), (acme, second), (globex, others)):
        register(tenant, subscriber.url)
    acmes, globexes = happen(acme.id, "a1 a2"), happen(globex.id, "a1")
    deliver()

    assert (first.ids(), second.ids(), others.ids()) == (acmes, acmes, globexes)
    assert {each.data["tenant_id"] for each in others.received} == {str(globex.id)}


def test_an_endpoint_of_the_platforms_own_gets_the_events_of_every_tenant_with_their_tenant(
    acme, globex, subscriber, register, deliver
):
    register(None, subscriber.url)
    happen(acme.id, "a1")
    happen(globex.id, "g1")
    deliver()

    assert [(each.data["name"], each.data["tenant_id"]) for each in subscriber.received] == [
        ("a1", str(acme.id)),
        ("g1", str(globex.id)),
    ]


def test_what_is_not_in_order_yet_waits(acme, endpoint, subscriber, deliver):
    event = LoggedEvent(
        tenant_id=acme.id,
        type=EventType.MESSAGE_RECEIVED,
        subject_id=uuid7(),
        stream_id=uuid7(),
        data={"name": "early"},
    )
    with tenant_scope(acme.id):
        LoggedEvent.objects.append([event])
    deliver()
    assert subscriber.ids() == []

    happen(acme.id, "a1")
    deliver()
    assert subscriber.names() == ["early", "a1"]


def test_a_failing_event_is_set_aside_and_delays_its_own_stream_alone(
    endpoint, subscriber, acme_happens, deliver, log, aside
):
    _, subscriber.answer = refuse("a2")
    a1, a2, b1, a3, b2, a4 = acme_happens("a1 a2 b1 a3 b2 a4")
    deliver()

    assert subscriber.ids() == [a1, a2, b1, b2]
    assert log()[1] == (a2, 1, "failed", "500")
    assert aside() == [(a2, 1, 5), (a3, 0, None), (a4, 0, None)]


def test_it_is_tried_again_by_the_schedule_with_the_same_id_and_what_waited_follows(
    endpoint, subscriber, acme_happens, deliver, time_passes, log, aside
):
    refused, subscriber.answer = refuse("a1")
    a1, a2, a3 = acme_happens("a1 a2 a3")
    deliver()
    deliver()
    assert subscriber.ids() == [a1]

    time_passes(5)
    deliver()
    assert (subscriber.ids(), aside()) == ([a1, a1], [(a1, 2, 300), (a2, 0, None), (a3, 0, None)])

    refused.clear()
    time_passes(300)
    deliver()
    assert subscriber.ids() == [a1, a1, a1, a2, a3]
    assert aside() == []
    assert log() == [
        (a1, 1, "failed", "500"),
        (a1, 2, "failed", "500"),
        (a1, 3, "delivered", "200"),
        (a2, 1, "delivered", "200"),
        (a3, 1, "delivered", "200"),
    ]
    assert len({each.content for each in subscriber.received[:3]}) == 1


def test_what_follows_a_failed_event_and_fails_has_a_schedule_of_its_own(
    endpoint, subscriber, acme_happens, deliver, time_passes, aside
):
    refused, subscriber.answer = refuse("a1", "a2")
    _, a2, a3 = acme_happens("a1 a2 a3")
    deliver()
    refused.remove("a1")
    time_passes(5)
    deliver()

    assert aside() == [(a2, 1, 5), (a3, 0, None)]


def test_new_events_of_a_stream_wait_while_older_ones_are_tried_again(
    endpoint, subscriber, acme_happens, deliver, time_passes, aside
):
    refused, subscriber.answer = refuse("a1")
    acme_happens("a1 a2")
    deliver()
    refused.clear()
    time_passes(5)
    acme_happens("a3 b1")
    deliver()

    assert subscriber.names() == ["a1", "a1", "a2", "a3", "b1"]
    assert aside() == []


def test_an_event_is_given_up_after_its_last_try_and_what_waited_follows(
    endpoint, subscriber, acme_happens, deliver, time_passes, log, state
):
    _, subscriber.answer = refuse("a1")
    a1, _ = acme_happens("a1 a2")
    deliver()
    for wait in retry.SCHEDULE:
        acme_happens(f"b{wait}")  # others succeed, so the endpoint is not disabled
        time_passes(wait)
        deliver()

    assert [row[1:] for row in log() if row[0] == a1] == [
        *((number, "failed", "500") for number in range(1, 10)),
        (10, "given_up", "500"),
    ]
    assert subscriber.names().count("a2") == 1
    assert state("status", "failures") == ("enabled", 0)


def test_what_follows_an_event_that_is_given_up_waits_until_that_is_recorded(
    endpoint, subscriber, acme_happens, deliver, time_passes, db_rows
):
    """Otherwise another process could still deliver it, after what followed."""
    refused, subscriber.answer = refuse("a1")
    acme_happens("a1 b1")
    deliver()
    db_rows.execute("UPDATE messaging.webhook_set_aside SET tries = 9")
    acme_happens("a2")
    time_passes(5)
    (turn,) = leased()
    result = taken(turn)
    assert subscriber.names() == ["a1", "b1", "a1"]

    recording.record(turn, result)
    refused.clear()
    deliver()
    assert subscriber.names() == ["a1", "b1", "a1", "a2"]


def test_a_failing_endpoint_delays_no_other(acme, globex, subscribe, register, deliver):
    well, failing = subscribe(), subscribe(lambda received: 500)
    register(acme, failing.url)
    for tenant in (acme, globex):
        register(tenant, well.url)
    happen(acme.id, " ".join(f"{word}1" for word in "abcdefgh"))
    happen(globex.id, "g1")
    deliver()

    assert sorted(well.names()) == [f"{word}1" for word in "abcdefgg"[:7]] + ["g1", "h1"]


def test_an_endpoint_that_fails_again_and_again_rests_and_the_cursor_stays(
    endpoint, subscriber, acme_happens, deliver, time_passes, aside
):
    subscriber.answer = lambda received: 500
    acme_happens(" ".join(f"{word}1" for word in "abcdefgh"))
    deliver()
    assert subscriber.names() == ["a1", "b1", "c1", "d1", "e1"]

    deliver()
    assert len(subscriber.received) == 5
    time_passes(5)
    subscriber.answer = lambda received: 200
    deliver()
    assert subscriber.names()[5:] == ["a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1"]
    assert aside() == []


def test_an_hour_down_and_then_up_every_event_comes_and_each_stream_in_order(
    acme, endpoint, subscriber, deliver, time_passes, db_rows
):
    subscriber.answer = lambda received: 503
    told = {}
    for minute in range(60):
        for word in ("a", "b", f"s{minute}x"):
            told.setdefault(word, []).extend(happen(acme.id, f"{word}{minute}"))
        time_passes(60)
        deliver()
    failures = len(subscriber.received)
    assert 10 < failures < 60
    subscriber.answer = lambda received: 200
    for _ in range(5):
        time_passes(HOUR)
        deliver()

    of_stream = {word: [] for word in told}
    for each in subscriber.received[failures:]:
        of_stream[each.data["name"].rstrip("0123456789")].append(each.id)
    assert of_stream == told


def test_above_a_thousand_set_aside_the_endpoint_waits(
    acme, endpoint, subscriber, deliver, time_passes, db_rows, state
):
    refused, subscriber.answer = refuse("a0")
    happen(acme.id, " ".join(f"a{number}" for number in range(1100)))
    happen(acme.id, "b1")
    deliver()

    def counted():
        return db_rows.execute("SELECT count(*) FROM messaging.webhook_set_aside").fetchone()[0]

    assert (counted(), subscriber.names()) == (MOST_SET_ASIDE, ["a0"])
    (position,) = state("position")
    deliver()
    assert state("position") == (position,)

    time_passes(5)
    deliver()
    assert subscriber.names() == ["a0", "a0"]

    refused.clear()
    time_passes(300)
    deliver()
    assert subscriber.names()[2:] == [*(f"a{number}" for number in range(1100)), "b1"]
    assert counted() == 0


def test_410_disables_at_once_and_the_event_comes_when_the_endpoint_is_enabled(
    acme, endpoint, subscriber, acme_happens, deliver, state, log
):
    subscriber.answer = lambda received: 410
    acme_happens("a1 b1")
    deliver()
    deliver()
    assert subscriber.names() == ["a1"]
    assert state("status", "disabled_reason", "lease") == ("disabled", "gone", None)

    subscriber.answer = lambda received: 200
    with tenant_scope(acme.id):
        assert endpoints.enable([endpoint.id]) == [endpoint.id]
    deliver()
    assert subscriber.names() == ["a1", "a1", "b1"]
    assert [row[2:] for row in log()] == [
        ("failed", "410"),
        ("delivered", "200"),
        ("delivered", "200"),
    ]


@pytest.mark.parametrize(
    ("status", "headers", "rests"),
    [
        (429, {"Retry-After": "120"}, 120),
        (429, {"Retry-After": "86400"}, HOUR),
        (503, {"Retry-After": "30"}, 30),
        (429, {}, 5),
        (502, {}, 5),
        (504, {"Retry-After": "tomorrow"}, 5),
    ],
)
def test_an_endpoint_that_asks_for_less_rests_as_a_whole_for_as_long_as_it_asks(
    endpoint, subscriber, acme_happens, deliver, time_passes, rest, aside, status, headers, rests
):
    subscriber.answer = lambda received: (status, headers, b"")
    a1, _ = acme_happens("a1 b1")
    deliver()
    deliver()
    assert subscriber.names() == ["a1"]
    assert rest() == rests
    assert aside() == [(a1, 1, max(rests, 5))]

    subscriber.answer = lambda received: 200
    time_passes(rests)
    deliver()
    assert subscriber.names() == ["a1", "a1", "b1"]


def test_a_time_out_is_a_failure_and_endpoints_that_answer_are_not_slow(
    endpoint, subscriber, acme_happens, deliver, state, log, impatient, monkeypatch
):
    monkeypatch.setattr(delivery, "TURN_SECONDS", 5)
    names = {"a1"}
    subscriber.answer = lambda received: subscriber.hang if received.data["name"] in names else 200
    acme_happens("a1 b1")
    deliver()
    assert [row[1:] for row in log()] == [(1, "failed", "time-out"), (1, "delivered", "200")]
    assert state("is_slow", "failures") == (False, 0)


def test_a_suspended_process_that_lost_its_lease_records_nothing(
    endpoint, subscriber, acme_happens, deliver, time_passes, log, caplog
):
    ids = acme_happens("a1 a2 b1")
    (turn,) = leased()
    result = taken(turn, requests=2)
    time_passes(leasing.LEASE_SECONDS)
    deliver()
    with caplog.at_level(logging.WARNING):
        assert not recording.record(turn, result)

    assert subscriber.ids() == [*ids[:2], *ids]  # what was not recorded is repeated, no more
    assert [row[0] for row in log()] == ids
    assert [each.getMessage() for each in caplog.records] == [
        f"The lease of webhook endpoint {endpoint.id} was lost."
    ]


def test_nobody_else_delivers_while_the_lease_lasts(endpoint, acme_happens, deliver, subscriber):
    acme_happens("a1")
    assert len(leased()) == 1
    deliver()

    assert subscriber.ids() == []


def test_a_process_that_was_killed_repeats_what_it_had_not_recorded(
    endpoint, subscriber, acme_happens, deliver, time_passes
):
    first = acme_happens("a1 a2")
    deliver()
    second = acme_happens("a3 b1")
    (turn,) = leased()
    taken(turn, requests=1)  # and then it dies
    time_passes(leasing.LEASE_SECONDS)
    deliver()

    assert subscriber.ids() == [*first, second[0], *second]


def test_a_process_that_stops_records_what_is_under_way_and_begins_nothing_more(
    endpoint, subscriber, acme_happens, deliver, log
):
    stopping = Deliverer(senders=2)
    ids = acme_happens("a1 b1 c1")

    def stop(received):
        stopping.stopping.set()
        return 200

    subscriber.answer = stop
    stopping.step()
    stopping.stop(5)
    assert [row[0] for row in log()] == ids[:1]

    deliver()
    assert subscriber.ids() == ids


def test_a_turn_that_breaks_is_told_and_repeated(
    endpoint, subscriber, acme_happens, deliver, time_passes, monkeypatch, caplog
):
    (id,) = acme_happens("a1")
    monkeypatch.setattr(delivery, "Taking", None)
    deliver()
    monkeypatch.undo()
    (told,) = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert told.startswith(f"The turn of webhook endpoint {endpoint.id} failed (TypeError at ")
    caplog.clear()

    time_passes(leasing.LEASE_SECONDS)
    deliver()
    assert subscriber.ids() == [id]


def test_an_event_that_was_deleted_meanwhile_is_passed_over(
    endpoint, subscriber, acme_happens, deliver, time_passes, aside, db_rows
):
    _, subscriber.answer = refuse("a1")
    a1, a2 = acme_happens("a1 a2")
    deliver()
    db_rows.execute("DELETE FROM messaging.events WHERE id = %s", [a1])
    time_passes(5)
    deliver()
    deliver()

    assert (subscriber.ids(), aside()) == ([a1, a2], [])


def test_a_secret_that_does_not_open_here_is_told_and_tried_by_another_process(
    endpoint, subscriber, acme_happens, deliver, time_passes, settings, state, caplog
):
    acme_happens("a1")
    keys, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, {"k9": bytes(32)}
    deliver()
    assert (subscriber.ids(), state("lease", "failures")) == ([], (None, 0))
    assert [each.getMessage() for each in caplog.records] == [
        f"The secret of webhook endpoint {endpoint.id} does not open in this process."
    ]
    settings.ENCRYPTION_KEYS = keys
    time_passes(leasing.LEASE_SECONDS)
    deliver()

    assert subscriber.names() == ["a1"]


def test_no_log_line_holds_a_secret_an_address_or_what_happened(
    acme, subscriber, register, acme_happens, deliver, caplog
):
    register(acme, f"{subscriber.url}?key=sesame")
    subscriber.answer = lambda received: (410, {}, b"the answer")
    with caplog.at_level(logging.DEBUG):
        acme_happens("a1", phone="4670000001")
        deliver()

    said = "\n".join(each.getMessage() for each in caplog.records if "urllib3" not in each.name)
    assert "disabled" in said
    for word in ("sesame", "whsec_", "v1,", "4670000001", "the answer", str(stream("a1"))):
        assert word not in said


def test_two_processes_at_once_send_nothing_twice_and_keep_the_order(
    acme, globex, subscribe, register
):
    subscribers = [subscribe() for _ in range(6)]
    for number, subscriber in enumerate(subscribers):
        register((acme, globex)[number % 2], subscriber.url)
    told = [
        happen(tenant.id, " ".join(f"{word}{n}" for n in range(40) for word in "abc"))
        for tenant in (acme, globex)
    ]

    def work() -> None:
        process = Deliverer(senders=2)
        while process.work():
            pass
        process.stop()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [subscriber.ids() for subscriber in subscribers] == told * 3
