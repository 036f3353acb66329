"""The lists of the back-office, with the filters and searches that staff use most."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from django.test import Client

from messaging.models import ContactIdentity, Conversation, Message, WebhookDelivery
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.benchmarks.large.plans import Page, cost_of

PER_PAGE = 50


def pages() -> Iterator[Page]:
    """Ask for the first page of each list, and for one in the middle of those that are long."""
    client = Client()
    with auth_scope():
        User.objects.filter(username="bench").delete()
        client.force_login(User.objects.create_superuser("bench", password="correct horse"))
    middles = middle_pages()
    for list_name, query in lists():
        asked = [("first", query)]
        if not query and list_name in middles:
            asked.append(("deep", {"p": str(middles[list_name])}))
        for place, words in asked:
            cost, _ = cost_of(partial(client.get, f"/admin/{list_name}/", words))
            yield Page(f"{list_name}?{urlencode(query)}".rstrip("?"), place, "staff", cost)


def lists() -> list[tuple[str, dict[str, str]]]:
    with operator_scope():
        conversation = Conversation.objects.filter(tenant__slug="t1").order_by("-last_seq").first()
        address = ContactIdentity.objects.filter(contact=conversation.contact_id).first().value
        external_id = Message.objects.filter(conversation=conversation).first().external_id
    message, contact, thread = (
        f"messaging/{name}" for name in ("message", "contact", "conversation")
    )
    delivery, channel = "messaging/webhookdelivery", "channels/channel"
    return [
        (message, {}),
        (message, {"attention": "yes"}),
        (message, {"status__exact": "failed"}),
        (message, {"unanswered": "limit"}),
        (message, {"q": external_id}),
        (message, {"q": address}),
        (message, {"q": "t1"}),
        (thread, {}),
        (thread, {"status__exact": "closed"}),
        (thread, {"q": address}),
        (thread, {"q": "ada love"}),
        (contact, {}),
        (contact, {"q": address}),
        (contact, {"q": address[:8]}),
        (contact, {"q": "ada love"}),
        (delivery, {}),
        (delivery, {"state": "aside"}),
        (channel, {}),
        (channel, {"status__exact": "needs_reauth"}),
        (channel, {"q": "t1"}),
    ]


def middle_pages() -> dict[str, int]:
    """Return the number of the page in the middle of each long list."""
    with operator_scope():
        counts = {
            "messaging/message": Message.objects.count(),
            "messaging/conversation": Conversation.objects.count(),
            "messaging/webhookdelivery": WebhookDelivery.objects.count(),
        }
    return {name: count // PER_PAGE // 2 for name, count in counts.items()}
