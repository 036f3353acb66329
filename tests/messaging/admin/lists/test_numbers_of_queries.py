"""However many rows a list or its file has, it asks as often: so many statements with 1, 3, 30 and
300.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import WebhookEndpoint
from tenants.scope import operator_scope

pytestmark = pytest.mark.whatsapp

# those that open the scopes and find out who asks among them
ASKED = {
    ("messaging/message", ""): 9,
    ("messaging/message", "?tenant=acme"): 13,
    ("messaging/message", "?attention=yes"): 7,
    ("messaging/message", "?unanswered=limit"): 8,
    ("messaging/message", "?q=Person"): 16,
    ("messaging/message", "?q=acme+Hello"): 16,
    ("messaging/conversation", ""): 9,
    ("messaging/conversation", "?tenant=acme&status__exact=open"): 13,
    ("messaging/conversation", "?window=open"): 7,
    ("messaging/conversation", "?q=Person"): 14,
    ("messaging/contact", ""): 8,
    ("messaging/contact", "?standing=blocked"): 8,
    ("messaging/contact", "?q=%2B4670000"): 11,
    ("tenants/tenant", ""): 8,
    ("channels/channel", ""): 8,
    ("tenants/auditentry", ""): 9,
    ("messaging/webhookendpoint", ""): 9,
    ("messaging/message", "export/"): 11,
    ("messaging/conversation", "export/"): 11,
    ("messaging/contact", "export/"): 11,
    ("channels/channel", "export/"): 11,
}


@pytest.fixture
def endpoints(acme):
    """`endpoints(1, 9)`: nine endpoints of Acme."""

    def endpoints(first: int, last: int) -> None:
        with operator_scope():
            WebhookEndpoint.objects.bulk_create(
                WebhookEndpoint(tenant=acme, url=f"https://{number}.example/", position=0)
                for number in range(first, last + 1)
            )

    return endpoints


def test_lists_ask_as_often_whatever_their_length(people, endpoints, root):
    asked = {each: [] for each in ASKED}
    for first, last in ((1, 1), (2, 3), (4, 30), (31, 300)):
        people(first, last)
        endpoints(first, last)
        for kind, query in ASKED:
            with CaptureQueriesContext(connection) as queries:
                assert root.get(f"/admin/{kind}/{query}").status_code == 200
            asked[kind, query].append(len(queries))

    assert asked == {each: [number] * 4 for each, number in ASKED.items()}
