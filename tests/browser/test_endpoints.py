"""An operator tests, disables and enables an endpoint of outgoing webhooks in a real browser."""

from collections.abc import Callable, Iterator
from concurrent.futures import wait
from typing import Any

import pytest

from messaging.outgoing_webhooks import addresses, endpoints
from messaging.outgoing_webhooks.delivery import Deliverer
from tenants.scope import tenant_scope
from tests.support.subscriber import Subscriber

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def subscriber(settings: Any) -> Iterator[Subscriber]:
    """Acme's own software, which webhooks go to."""
    subscriber = Subscriber()
    settings.WEBHOOK_ALLOWED_HOSTS = {subscriber.place}
    yield subscriber
    subscriber.stop()


@pytest.fixture
def deliver_webhooks(db_rows: Any) -> Iterator[Callable[[], None]]:
    """Deliver what is due now."""
    deliverer = Deliverer()

    def deliver_webhooks() -> None:
        while deliverer.step() or deliverer.under_way:
            wait(deliverer.under_way, return_when="FIRST_COMPLETED")

    yield deliver_webhooks
    deliverer.stop(0)


def test_an_endpoint_is_tested_disabled_and_enabled(operator, acme, subscriber, deliver_webhooks):
    address = addresses.checked(subscriber.url)
    with tenant_scope(acme.id):
        endpoints.create(acme.id, address, description="Acme's shop")

    operator.open("/admin/")
    operator.follow("Webhook endpoints")
    operator.station("101-endpoints")
    operator.open_row("Acme")
    operator.press("Send a test event")
    assert operator.sees("1 of 1 endpoints is sent a test event.")
    deliver_webhooks()
    operator.press("Disable")
    assert operator.sees("1 of 1 endpoints is disabled.")
    operator.station("102-disabled")
    operator.press("Enable")
    assert operator.sees("1 of 1 endpoints is enabled.")

    operator.open("/admin/")
    operator.follow("Webhook attempts")
    assert operator.sees("webhook.test")
    operator.station("103-attempts")
    assert (operator.column("Type"), operator.column("Result")) == (["webhook.test"], ["Delivered"])
    assert [each.body["type"] for each in subscriber.received] == ["webhook.test"]
