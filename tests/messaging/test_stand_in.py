"""The stand-in for Meta takes every kind of message that can be sent, and reports each as
delivered.
"""

import pytest

from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.processes import eventually
from tests.support.whatsapp.said import LISTED, SAID

pytestmark = pytest.mark.whatsapp


def test_a_message_of_every_kind_is_accepted_and_reported_delivered(
    ada, approve, say, work, graph, web, monkeypatch
):
    monkeypatch.setattr(graph, "callback", f"{web}/api/webhooks/whatsapp")
    approve("order_ready", *LISTED, parameter_format="NAMED")
    for content, *_ in SAID:
        say(content, ada, origin="api")

    def delivered() -> int:
        work()
        with operator_scope():
            return Message.objects.filter(direction="outbound", status="delivered").count()

    assert eventually(lambda: delivered() == len(SAID), seconds=60)
