"""The moments that a batch is recorded by: those of its deliveries, and one for all of them."""

from datetime import timedelta

import pytest

from messaging.models import Message, WebhookDelivery
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

WINDOW_HAS_CLOSED = {"errors": [{"code": 131047, "title": "Re-engagement message"}]}


def test_what_one_transaction_recorded_has_one_moment(
    acme_whatsapp, write, report, work, graph, db_rows
):
    write("Hello")
    work()
    (sent,) = graph.ledger

    write("Are you there?")
    report(bodies.status(sent["wamid"], "failed", **WINDOW_HAS_CLOSED))
    work()

    with operator_scope():
        moments = WebhookDelivery.objects.order_by("id").values_list("processed_at", flat=True)
        first, *together = moments
    assert (len(together), len(set(together)), together[0] > first) == (2, 1, True)


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        pytest.param(timedelta(minutes=30), "limit", id="within the hour"),
        pytest.param(timedelta(hours=2), "", id="after it"),
    ],
)
def test_the_limit_of_replies_counts_the_hour_before_the_message_came(
    acme, acme_whatsapp, write, work, graph, came, reason
):
    with operator_scope():
        Tenant.objects.filter(id=acme.id).update(replies_per_hour=1)
    write("Hello", wamid="wamid.first")
    work()
    write("Are you there?", wamid="wamid.second")
    with operator_scope():
        replied_at = Message.objects.get(in_reply_to__isnull=False).created_at
        waiting = WebhookDelivery.objects.filter(processed_at=None)
        assert waiting.update(received_at=replied_at + came) == 1
    work()

    with operator_scope():
        second = Message.objects.get(external_id="wamid.second")
    assert second.unanswered == reason
