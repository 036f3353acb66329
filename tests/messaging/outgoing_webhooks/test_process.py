"""The real jobs process delivers, and ends when it is told to, whatever hangs."""

import signal
import time

from tests.messaging.outgoing_webhooks.happening import happen
from tests.support.processes import eventually, start


def run_jobs(database_name, subscriber):
    host, port = subscriber.place
    return start(database_name, "jobs", WEBHOOK_ALLOWED_HOSTS=f"{host}:{port}")


def test_what_happens_is_delivered_within_a_second_or_two(
    acme, endpoint, subscriber, database_name
):
    process = run_jobs(database_name, subscriber)
    try:
        happen(acme.id, "a1")
        assert eventually(lambda: subscriber.names() == ["a1"])
        begun = time.monotonic()
        happen(acme.id, "a2 b1")
        assert eventually(lambda: subscriber.names() == ["a1", "a2", "b1"])
        assert time.monotonic() - begun < 2
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_it_ends_within_ten_seconds_though_an_endpoint_hangs(
    acme, endpoint, subscriber, database_name, log, time_passes, deliver
):
    subscriber.answer = lambda received: subscriber.hang if received.data["name"] == "b1" else 200
    process = run_jobs(database_name, subscriber)
    try:
        happen(acme.id, "a1 b1")
        assert eventually(lambda: subscriber.names() == ["a1", "b1"])
    finally:
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        process.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert log() == []

    subscriber.answer = lambda received: 200
    time_passes(60)
    deliver()
    assert subscriber.names() == ["a1", "b1", "a1", "b1"]


def test_the_command_delivers_what_waits_where_it_is_run_once(
    acme, endpoint, subscriber, acme_happens, jobs
):
    acme_happens("a1 b1")
    jobs()

    assert subscriber.names() == ["a1", "b1"]
