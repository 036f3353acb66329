"""How many statements a batch of webhooks takes, whatever is in it."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.inbound.leasing import DeliveryLeaser
from tests.support.whatsapp import bodies, shared_numbers

pytestmark = pytest.mark.whatsapp

OF_ONE_RESPONDER = 33
OF_SEVERAL = 35  # the history of owners, and orders whose outcome nobody knew
people = itertools.count(4_670_100_000)


def statements(deliver, fields: dict[str, int]) -> int:
    """How many statements a round takes for so many messages, each of another person, a field."""
    for field, count in fields.items():
        for person in map(str, itertools.islice(people, count)):
            value = {
                **shared_numbers.standby(messages=[bodies.text("Hello", sender=person)]),
                "contacts": [{"profile": {"name": "Somebody"}, "wa_id": person}],
            }
            deliver(shared_numbers.webhook((field, value)))
    with CaptureQueriesContext(connection) as asked:
        DeliveryLeaser().process_due()
    return len(asked)


@pytest.mark.parametrize("count", [1, 30])
def test_a_batch_of_a_number_with_one_responder(acme_whatsapp, deliver, count):
    statements(deliver, {"messages": 1})  # now its number is known

    assert statements(deliver, {"messages": count}) == OF_ONE_RESPONDER


@pytest.mark.parametrize("count", [1, 30])
def test_a_batch_of_a_number_with_several(acme_whatsapp, deliver, count):
    statements(deliver, {"standby": 1})  # now it is known that they are

    assert statements(deliver, {"messages": count, "standby": count}) == OF_SEVERAL
