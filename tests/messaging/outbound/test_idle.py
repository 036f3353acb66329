"""What a worker that has nothing to do asks of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.outbound.dispatcher import Dispatcher

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
