"""Outgoing webhooks by real processes: endpoints that hang hold up no others, and a killed process
loses nothing.
"""

import json
import threading
import time
from datetime import datetime

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.server import run_command
from tests.support.processes import eventually
from tests.support.subscriber import Subscriber

pytestmark = pytest.mark.whatsapp

ENDPOINTS, HANGING = 50, 10
EVENTS = 100_000 if IS_LONG else 4_000
PER_SECOND = 200
STREAMS = 5  # of each tenant
BEHIND_SECONDS = 5.0
MOST_ROUNDS = 100  # of events, until a process that is to be killed has recorded often enough
PROCESSES = 2
REGISTER = """
import sys
from messaging.outgoing_webhooks import addresses, endpoints
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
for number, url in enumerate({urls}):
    with operator_scope():
        tenant = Tenant.objects.create(slug=f"tenant-{{number}}", name=f"Tenant {{number}}")
    address = addresses.checked(url)
    with tenant_scope(tenant.id):
        endpoints.create(tenant.id, address)
"""
HAPPEN = """
    INSERT INTO messaging.events (id, tenant_id, type, subject_id, stream_id, data, occurred_at)
    SELECT gen_random_uuid(), tenant.id, 'message.received', gen_random_uuid(),
           md5(tenant.slug || (number / %(tenants)s %% %(streams)s))::uuid,
           jsonb_build_object('number', number, 'tenant', tenant.slug), clock_timestamp()
    FROM generate_series(%(first)s::int, %(last)s::int) AS number
    JOIN messaging.tenants tenant ON tenant.slug = 'tenant-' || number %% %(tenants)s
    ORDER BY number
"""
LEASED = "SELECT count(*) FROM messaging.webhook_endpoints WHERE lease IS NOT NULL"
LOGGED = "SELECT count(*) FROM messaging.webhook_attempts WHERE outcome = 'delivered'"
NUMBERS = "SELECT (data->>'number')::int FROM messaging.events WHERE data ? 'number'"
LEASES_END = "UPDATE messaging.webhook_endpoints SET due_at = now()"


class Witness(Subscriber):
    """What arrived, and how long after it had happened."""

    def __init__(self) -> None:
        super().__init__(self.note)
        self.seen: list[tuple[str, int, float]] = []

    def take(self, received):
        return self.answer(received)

    def note(self, received):
        body = json.loads(received.content)
        happened = datetime.fromisoformat(body["timestamp"]).timestamp()
        data = body["data"]
        self.seen.append((data["tenant"], data["number"], time.time() - happened))
        return 200

    def numbers(self) -> dict[str, list[int]]:
        """The events of each tenant as they came."""
        found: dict[str, list[int]] = {}
        for tenant, number, _ in list(self.seen):
            found.setdefault(tenant, []).append(number)
        return found


@pytest.fixture
def witness(stage):
    witness = Witness()
    stage.ending.callback(witness.stop)
    return witness


@pytest.fixture
def silent(stage):
    silent = Subscriber(lambda received: silent.hang)
    stage.ending.callback(silent.stop)
    return silent


def register(stage, urls, *subscribers):
    places = ",".join("{}:{}".format(*each.place) for each in subscribers)
    stage.settings["WEBHOOK_ALLOWED_HOSTS"] = places
    run_command(stage.settings, "shell", "-c", REGISTER.format(urls=urls))


def happen(stage, tenants, numbers):
    """Log events of these numbers, each of the tenant whose turn it is."""
    first, last = numbers
    given = {"tenants": tenants, "streams": STREAMS, "first": first, "last": last}
    with stage.server.connect(stage.name) as connection:
        connection.execute(HAPPEN, given)


def in_order(numbers, tenants):
    """Whether each stream's events came in order, the first time that each came."""
    streams: dict[int, list[int]] = {}
    for number in dict.fromkeys(numbers):
        streams.setdefault(number // tenants % STREAMS, []).append(number)
    return all(found == sorted(found) for found in streams.values())


def test_ten_of_fifty_endpoints_hang_and_the_others_are_five_seconds_behind_at_most(
    stage, witness, silent, say
):
    urls = [silent.url] * HANGING + [witness.url] * (ENDPOINTS - HANGING)
    register(stage, urls, witness, silent)
    for _ in range(PROCESSES):
        stage.jobs()
    begun = time.monotonic()
    for first in range(0, EVENTS, 20):
        happen(stage, ENDPOINTS, (first, first + 19))
        time.sleep(max(0.0, begun + (first + 20) / PER_SECOND - time.monotonic()))
    rate = EVENTS / (time.monotonic() - begun)
    expected = [number for number in range(EVENTS) if number % ENDPOINTS >= HANGING]
    assert eventually(lambda: len(witness.seen) >= len(expected), 60), len(witness.seen)

    behind = sorted(seconds for _, _, seconds in witness.seen)
    say(
        f"{EVENTS} events at {rate:.0f} a second: the others were {behind[-1]:.2f} s behind at"
        f" most, {behind[len(behind) // 2]:.2f} s in the middle; {len(silent.received)} requests"
        " hung"
    )
    assert sorted(number for _, number, _ in witness.seen) == expected
    assert [tenant for tenant, found in witness.numbers().items() if found != sorted(found)] == []
    assert behind[-1] <= BEHIND_SECONDS
    assert len({received.headers["webhook-id"] for received in silent.received}) >= HANGING


def test_a_process_that_is_killed_before_it_recorded_loses_nothing_and_keeps_the_order(
    stage, witness, say
):
    register(stage, [witness.url] * 4, witness)
    recording = "messaging.outgoing_webhooks.delivery.record"
    for kill in (2, 5):
        doomed = stage.jobs(failpoints=f"{recording}:before:kill:{kill}")
        begun = len(witness.seen) + kill * 1000
        for first in range(begun, begun + 8 * MOST_ROUNDS, 8):
            happen(stage, 4, (first, first + 7))
            if eventually(lambda doomed=doomed: not doomed.is_alive(), 0.3):
                break
        assert not doomed.is_alive()
        stage.session().execute(LEASES_END)
    stage.jobs()
    with stage.server.connect(stage.name) as connection:
        rows = connection.execute(NUMBERS).fetchall()
    expected = sorted(number for (number,) in rows)
    assert eventually(lambda: sorted({number for _, number, _ in witness.seen}) == expected, 60), (
        len(witness.seen)
    )
    say(f"{len(expected)} events, {len(witness.seen) - len(expected)} of them twice")
    assert [t for t, found in witness.numbers().items() if not in_order(found, 4)] == []
    assert len(witness.seen) > len(expected)
    assert eventually(lambda: stage.rows(LEASED) == [(0,)], 20)
    assert eventually(lambda: stage.rows(LOGGED) == [(len(expected),)], 20), stage.rows(LOGGED)


def test_a_process_that_is_suspended_leaves_its_endpoints_to_others(stage, witness, say):
    """What it sends when it goes on comes late and again, and is recorded by nobody."""
    register(stage, [witness.url] * 4, witness)
    held = threading.Event()
    witness.answer = lambda received: (held.wait(20), witness.note(received))[1]
    suspended = stage.jobs()
    happen(stage, 4, (0, 39))
    assert eventually(lambda: stage.rows(LEASED) == [(4,)])
    suspended.suspend()
    held.set()
    stage.session().execute(LEASES_END)
    stage.jobs()
    assert eventually(lambda: len({number for _, number, _ in witness.seen}) == 40, 30)
    suspended.continue_()
    assert eventually(lambda: stage.rows(LEASED) == [(0,)], 20)

    assert [t for t, found in witness.numbers().items() if not in_order(found, 4)] == []
    assert stage.rows(LOGGED) == [(40,)]
    say(f"{len(witness.seen) - 40} of 40 events came twice")
