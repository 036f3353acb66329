"""What a worker that has nothing to do asks of the database."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Message
from messaging.outbound import dispatch
from messaging.outbound.dispatcher import Dispatcher
from tenants.scope import operator_scope
from tests.messaging.outbound.leased import marked

pytestmark = pytest.mark.whatsapp


def commits(work) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert not work()
    return sum(query["sql"] == "COMMIT" for query in asked)


def test_an_idle_look_for_messages_is_one_transaction(acme_whatsapp, write, work, graph):
    write("Hello")
    work()
    assert len(graph.ledger) == 1

    dispatcher = Dispatcher(senders=4)
    assert commits(dispatcher.step) == 1
    dispatcher.stop()


def test_what_cannot_be_settled_yet_is_tried_again_after_a_pause(
    acme_whatsapp, write, work, graph, other
):
    write("Hello")
    posted = dispatch.post(marked(work))
    dispatcher = Dispatcher(senders=4)
    dispatcher.unsettled = [posted]
    other.execute("SELECT FROM messaging.messages FOR UPDATE")

    dispatcher.step()
    assert dispatcher.is_busy()
    begun = time.monotonic()
    dispatcher.wait_for_answers(0.5)
    waited = time.monotonic() - begun
    other.rollback()
    dispatcher.stop()

    assert (waited >= 0.5, dispatcher.is_busy()) == (True, False)
    with operator_scope():
        assert Message.objects.get(direction="outbound").status == "accepted"
