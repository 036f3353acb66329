"""From the log to the subscriber: everything, once where nothing fails, and in order."""

from channels_app.event_log import EventType
from tests.messaging.outgoing_webhooks.happening import happen


def test_what_happens_is_sent_in_order_and_once(
    endpoint, subscriber, acme_happens, deliver, log, aside
):
    ids = acme_happens("a1 b1 a2 a3 b2")

    deliver()
    deliver()

    assert subscriber.ids() == ids
    assert log() == [(id, 1, "delivered", "200") for id in ids]
    assert aside() == []
