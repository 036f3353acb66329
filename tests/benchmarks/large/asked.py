"""What operators ask of the back-office: every list, those of large tables with their filters and
searches, and the page of a row of each kind.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import reverse

from channels_app.models import Channel
from messaging.models import ContactIdentity, Conversation, Message, WebhookDelivery
from tenants.admin.audit.pages import AUDITED
from tenants.models import AuditEntry, Tenant

Query = dict[str, str]
ACME = {"tenant": "t1"}  # the largest
DAY = "2000-01-01 00:00:00+00:00"


def lists() -> Iterator[tuple[str, Query]]:
    """Yield the address of each list, and what is asked of it."""
    asked = queries()
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for query in ({}, *asked.get(model._meta.label_lower, [])):
            yield address, query


def queries() -> dict[str, list[Query]]:
    conversation = largest_conversation()
    address = ContactIdentity.objects.filter(contact=conversation.contact_id).first().value
    message = Message.objects.filter(conversation=conversation).first()
    channel = {"channel": str(Channel.objects.get(name="seldom used").id)}
    people = [{"q": words} for words in (address, address[:8], address[-5:], "ada love", "nobody")]
    return {
        "messaging.message": [
            *({"attention": word} for word in ("yes", "twice")),
            *({"status__exact": word} for word in ("failed", "unknown", "queued", "read")),
            {"attention": "yes", "status__exact": "failed"},
            *({"unanswered": word} for word in ("yes", "limit", "blocked")),
            {"direction__exact": "inbound"},
            *(ACME, ACME | {"attention": "yes"}, ACME | {"attention": "twice"}),
            *(ACME | {"status__exact": "failed"}, ACME | {"unanswered": "blocked"}),
            *(channel, ACME | channel | {"direction__exact": "outbound"}),
            *({"q": words} for words in (message.external_id, str(message.id), "t1")),
            *({"q": f"t1 {words}"} for words in ("green", "zebra", "ada love")),
            *people,
        ],
        "messaging.conversation": [
            *({"status__exact": "closed"}, ACME, ACME | {"status__exact": "closed"}),
            *({"window": word} for word in ("open", "soon", "closed", "never")),
            *(ACME | {"window": "open"}, ACME | {"window": "never"}),
            *(channel, channel | {"status__exact": "closed"}),
            *people,
        ],
        "messaging.contact": [
            *({"standing": word} for word in ("blocked", "no_marketing", "joined")),
            *(ACME, ACME | {"standing": "no_marketing"}, ACME | {"standing": "blocked"}),
            *people,
        ],
        "messaging.webhookdelivery": [
            *({"state": word} for word in ("waits", "aside")),
            {"kind": "whatsapp"},
            {"q": str(WebhookDelivery.objects.order_by("-id").first().id)},
        ],
        "messaging.deadletter": [{"cause": "rejected"}],
        "messaging.media": [ACME, {"status__exact": "failed"}, {"kind__exact": "image"}],
        "messaging.webhookattempt": [ACME, {"outcome__exact": "failed"}],
        "messaging.webhookendpoint": [ACME, {"disabled": "failed"}],
        "channels.channel": [{"status__exact": "needs_reauth"}, {"repair": "parked"}, {"q": "t1"}],
        "channels.messagetemplate": [ACME, {"q": "template_1"}],
        "tenants.tenant": [{"status__exact": "active"}, {"q": "t1"}, {"o": "2"}],
        "tenants.auditentry": audit_queries(message),
    }


def audit_queries(message: Message) -> list[Query]:
    person = str(AuditEntry.objects.order_by("id").first().user_id)
    return [
        *({"action__exact": "refused"}, {"person": person}, {"kind": "messaging.message"}),
        {"person": person, "action__exact": "refused", "kind": "messaging.message"},
        {"person": person, "action__exact": "read", "kind": "messaging.contact"},
        *({"at__gte": DAY}, {"at__lt": DAY}, {AUDITED: str(message.conversation_id)}),
        *({"q": words} for words in ("t1", "operator1", "nobody", str(message.id))),
    ]


def pages() -> Iterator[tuple[str, str]]:
    """Yield what each page is of, and its address."""
    yield "home", reverse("admin:index")
    conversation = largest_conversation()
    thread = reverse("admin:messaging_conversation_change", args=[conversation.id])
    yield f"a conversation of {conversation.last_seq:,} messages", thread
    yield "the same, in its middle", f"{thread}?before={conversation.last_seq // 2}"
    for model in admin.site._registry:
        row: Any = model._default_manager.order_by("-pk").first()
        if model not in (Conversation, Tenant) and row is not None:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            yield f"one of {model._meta.label_lower}", reverse(name, args=[row.pk])
    largest = Tenant.objects.get(slug="t1")
    yield "the largest tenant", reverse("admin:tenants_tenant_change", args=[largest.id])


def largest_conversation() -> Conversation:
    rows = Conversation.objects.filter(tenant__slug="t1")
    return rows.order_by("-last_seq").select_related("contact").first()
