"""Endpoints that hang hold up no others, however many they are."""

import time

import pytest

from messaging.outgoing_webhooks import delivery, leasing, posting
from messaging.outgoing_webhooks.delivery import Deliverer
from tests.messaging.outgoing_webhooks.happening import happen
from tests.support.processes import eventually


@pytest.fixture
def many(acme, globex, subscribe, register):
    """Endpoints that hang and endpoints that answer: many(hanging, well)."""

    def many(hanging, well):
        silent = subscribe(lambda received: silent.hang)
        quick = subscribe()
        for _ in range(hanging):
            register(acme, silent.url)
        for _ in range(well):
            register(globex, quick.url)
        return silent, quick

    return many


def run_until(deliverer, condition, seconds=10):
    """Deliver as the process does, until the condition holds; whether it came to that."""

    def step():
        deliverer.work()
        return condition()

    return eventually(step, seconds, pause=0)


@pytest.fixture
def hanging_ones_are_known(db_rows):
    """As they are after their first time-out."""

    def note():
        db_rows.execute(
            """UPDATE messaging.webhook_endpoints e SET is_slow = true, failures = 1
               FROM messaging.tenants t WHERE t.id = e.tenant_id AND t.slug = 'acme'"""
        )

    return note


def test_however_many_hang_the_others_get_their_events_at_once(
    acme, globex, many, deliverer, hanging_ones_are_known
):
    silent, quick = many(hanging=20, well=8)
    hanging_ones_are_known()
    happen(acme.id, "a1")
    begun = time.monotonic()
    assert run_until(deliverer, lambda: len(silent.received) == deliverer.senders)
    for number in range(5):
        happen(globex.id, f"g{number}")
        expected = 8 * (number + 1)
        assert run_until(deliverer, lambda expected=expected: len(quick.received) == expected)

    assert len(silent.received) == deliverer.senders  # a quarter of the threads, and no more
    assert time.monotonic() - begun < posting.POST_SECONDS / 2
    silent.released.set()


def test_endpoints_that_begin_to_hang_leave_the_others_room(acme, globex, many, deliverer):
    """Nobody knows yet that they do: each takes a thread until its time is over, of those that are
    not for the others.
    """
    silent, quick = many(hanging=2 * deliverer.senders, well=8)
    happen(acme.id, "a1")
    assert run_until(deliverer, lambda: len(silent.received) == 2 * deliverer.senders)
    happen(globex.id, "g1")

    assert run_until(deliverer, lambda: len(quick.received) == 8, posting.POST_SECONDS / 3)
    silent.released.set()


def test_an_endpoint_that_hangs_once_is_slow_until_it_answers_quickly(
    endpoint, subscriber, acme_happens, deliver, state, impatient, time_passes
):
    subscriber.answer = lambda received: subscriber.hang
    acme_happens("a1")
    deliver()
    assert state("is_slow") == (True,)

    subscriber.answer = lambda received: 200
    time_passes(5)
    deliver()
    assert state("is_slow") == (False,)
    assert subscriber.names() == ["a1", "a1"]


def test_one_that_hangs_again_and_again_is_asked_less_and_less(
    endpoint, subscriber, acme_happens, deliver, time_passes, rest, impatient
):
    subscriber.answer = lambda received: subscriber.hang
    acme_happens("a1 b1 c1 d1 e1 f1 g1 h1 i1 j1")
    rests = []
    for _ in range(9):
        deliver()
        rests.append(max(rest(), 0))
        time_passes(max(rests[-1], 5))

    assert sorted(rests) == rests
    assert rests[-1] >= 40


def test_a_slow_answer_keeps_its_endpoint_out_of_the_others_way(
    endpoint, subscriber, acme_happens, deliver, state, impatient
):
    def answer_late(handler):
        time.sleep(0.15)
        handler.say(200, {}, b"")

    subscriber.answer = lambda received: answer_late
    acme_happens("a1")
    deliver()

    assert state("is_slow", "failures") == (True, 0)


def test_endpoints_have_their_turns_by_who_waited_longest(
    acme, register, subscribe, acme_happens, monkeypatch
):
    monkeypatch.setattr(delivery, "REQUESTS", 1)
    subscriber = subscribe()
    for number in range(3):
        register(acme, f"{subscriber.url}/{number}")
    acme_happens("a1 a2 a3")
    one_at_a_time = Deliverer(senders=1)
    while one_at_a_time.work():
        pass
    one_at_a_time.stop()

    paths = [each.path[-1] for each in subscriber.received]
    assert [sorted(paths[turn : turn + 3]) for turn in (0, 3, 6)] == [["0", "1", "2"]] * 3


def test_a_lease_is_longer_than_a_turn_can_be():
    longest = delivery.TURN_SECONDS + posting.POST_SECONDS
    assert 2 * longest < leasing.LEASE_SECONDS
