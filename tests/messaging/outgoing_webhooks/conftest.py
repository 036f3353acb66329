"""Acme's endpoint on a real server, events that happen, and a process that delivers them."""

from collections.abc import Callable, Iterator
from concurrent.futures import wait
from typing import Any
from uuid import UUID

import psycopg
import pytest

from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import addresses, endpoints, posting
from messaging.outgoing_webhooks.delivery import Deliverer
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.messaging.outgoing_webhooks.happening import happen
from tests.support.subscriber import Subscriber

# every time that is compared with now
TIMES = {
    "webhook_endpoints": ("due_at", "failing_since", "previous_until"),
    "webhook_set_aside": ("next_try_at", "created_at"),
}


@pytest.fixture
def subscribe(settings: Any) -> Iterator[Callable[..., Subscriber]]:
    """Start a subscriber that webhooks may go to: subscribe(answer)."""
    started: list[Subscriber] = []
    settings.WEBHOOK_ALLOWED_HOSTS = set()

    def subscribe(*answer: Any) -> Subscriber:
        started.append(Subscriber(*answer))
        settings.WEBHOOK_ALLOWED_HOSTS.add(started[-1].place)
        return started[-1]

    yield subscribe
    for subscriber in started:
        subscriber.stop()


@pytest.fixture
def subscriber(subscribe: Callable[..., Subscriber]) -> Subscriber:
    return subscribe()


@pytest.fixture
def register(db_rows: Any) -> Callable[..., WebhookEndpoint]:
    """Make an endpoint: register(acme, subscriber.url, types=[...]); of None: the platform's."""

    def register(tenant: Tenant | None, url: str, **more: Any) -> WebhookEndpoint:
        address = addresses.checked(url)
        with tenant_scope(tenant.id) if tenant else operator_scope():
            return endpoints.create(tenant and tenant.id, address, **more)[0]

    return register


@pytest.fixture
def endpoint(acme: Tenant, subscriber: Subscriber, register: Any) -> WebhookEndpoint:
    return register(acme, subscriber.url)


@pytest.fixture
def deliverer(db_rows: Any) -> Iterator[Deliverer]:
    deliverer = Deliverer(senders=4)
    yield deliverer
    deliverer.stop(0)


@pytest.fixture
def deliver(deliverer: Deliverer) -> Callable[[], None]:
    """Deliver what is due now, without a pause between two looks. Each time is a process's first:
    what was due long ago, because a test says so, is seen.
    """

    def deliver() -> None:
        deliverer.next_look = 0.0
        for look in (deliverer.quick, deliverer.slow):
            look.begin_anew()
        while deliverer.step() or deliverer.under_way:
            wait(deliverer.under_way, return_when="FIRST_COMPLETED")
            deliverer.next_look = 0.0

    return deliver


@pytest.fixture
def acme_happens(acme: Tenant) -> Callable[..., list[UUID]]:
    """Something happens to Acme: acme_happens("a1 a2 b1"), a word a stream, a number an event."""
    return lambda names, **more: happen(acme.id, names, **more)


@pytest.fixture
def time_passes(db_rows: psycopg.Connection) -> Callable[[float], None]:
    def time_passes(seconds: float) -> None:
        for table, columns in TIMES.items():
            earlier = ", ".join(
                f"{name} = {name} - make_interval(secs => %(by)s)" for name in columns
            )
            db_rows.execute(f"UPDATE messaging.{table} SET {earlier}", {"by": seconds})

    return time_passes


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is over after a third of a second, and slow after a tenth."""
    monkeypatch.setattr(posting, "POST_SECONDS", 0.3)
    monkeypatch.setattr(posting, "SLOW_SECONDS", 0.1)


@pytest.fixture
def log(db_rows: psycopg.Connection) -> Callable[[], list[tuple]]:
    """The log of deliveries: (event's id, number, outcome, HTTP status or error)."""
    query = """SELECT event_id, number, outcome, coalesce(http_status::text, error)
               FROM messaging.webhook_attempts ORDER BY id"""
    return lambda: db_rows.execute(query).fetchall()


@pytest.fixture
def aside(db_rows: psycopg.Connection) -> Callable[[], list[tuple]]:
    """What is set aside: (event's id, tries, seconds until the next one or None), in order."""
    query = f"""SELECT event_id, tries, {left_of("next_try_at")}
               FROM messaging.webhook_set_aside ORDER BY position"""
    return lambda: db_rows.execute(query).fetchall()


@pytest.fixture
def rest(state: Callable[..., tuple]) -> Callable[[], int]:
    """For how many seconds the only endpoint rests."""
    return lambda: state(left_of("due_at"))[0]


def left_of(moment: str) -> str:
    """SQL: the seconds until then, whole fives of them, however busy the machine is."""
    return f"5 * ceil(extract(epoch FROM {moment} - now()) / 5)::int"


@pytest.fixture
def state(db_rows: psycopg.Connection) -> Callable[..., tuple]:
    """Columns of the only endpoint: state("status", "position")."""

    def state(*columns: str) -> tuple:
        (row,) = db_rows.execute(
            f"SELECT {', '.join(columns)} FROM messaging.webhook_endpoints"
        ).fetchall()
        return row

    return state
