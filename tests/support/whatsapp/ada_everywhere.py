"""Ada, of whom something is wherever something of a person can be."""

from typing import Any

from django.utils import timezone

from channels_app.models import LoggedEvent
from messaging.models import (
    ChannelProbe,
    Contact,
    Conversation,
    DeferredReply,
    Message,
    OwnerChange,
    Resend,
    Settlement,
    ThreadOrder,
    WebhookAttempt,
    WebhookEndpoint,
    WebhookSetAside,
)
from messaging.models.owner_word import OwnerWord
from tenants.scope import operator_scope
from tests.support.whatsapp import bodies

ADA, ADAS_NAME, ADAS_ID = "46709999001", "Ada Canary", "SE.AdaCanary"
ADAS = (ADA, "AdaCanary", ADAS_NAME, "canary of ada", "wamid.ada")
GROUP = "group-1"


def of_ada(text: str = "canary of ada", **more: Any) -> dict:
    return bodies.text(text, sender=ADA, **more)


def say_by_api(acmes: Any, ada: str) -> None:
    with operator_scope():
        conversation = Conversation.objects.get(contact=ada, group_external_id="")
    body = {
        "conversation": str(conversation.id),
        "content": {"kind": "text", "body": "canary of ada, answered"},
    }
    assert acmes.post("messages", body, Idempotency_Key="k1").status_code == 202


def make_rows_about(ada: Contact) -> None:
    """What only staff, other responders and endpoints leave."""
    conversation = Conversation.objects.get(contact=ada, group_external_id="")
    message = Message.objects.filter(conversation=conversation).earliest("id")
    of_tenant = {"tenant_id": ada.tenant_id}
    word = OwnerWord("other", "standby", timezone.now(), note="canary of ada")
    OwnerChange.of(ada.tenant_id, conversation.id, word).save()
    ThreadOrder.objects.create(
        **of_tenant, conversation=conversation, action="take", note="canary of ada"
    )
    Settlement.objects.create(**of_tenant, message=message, status="sent")
    DeferredReply.objects.create(
        **of_tenant,
        message=message,
        conversation=conversation,
        strategy="static",
        deadline=timezone.now(),
        outcome="answered",
        ended_at=timezone.now(),
    )
    Conversation.objects.filter(id=conversation.id).update(
        waiting_because="strategy", waiting_note="canary of ada", waiting_since=timezone.now()
    )
    Resend.objects.create(**of_tenant, message=message, status_before="failed")
    ChannelProbe.objects.create(
        **of_tenant,
        channel_id=message.channel_id,
        message_id=message.id,
        attempts=1,
        asked_at=timezone.now(),
    )
    endpoint = WebhookEndpoint(tenant_id=ada.tenant_id, url="https://acme.example/hooks")
    endpoint.seal(current="whsec_")
    endpoint.save()
    event = LoggedEvent.objects.filter(stream_id=conversation.id).earliest("number")
    about = {**of_tenant, "endpoint": endpoint, "event_id": event.id}
    WebhookSetAside.objects.create(**about, stream_id=conversation.id, position=1)
    WebhookAttempt.objects.create(
        **about,
        type=event.type,
        number=1,
        outcome="failed",
        http_status=500,
        duration_ms=1,
        answer="canary of ada",
        at=timezone.now(),
    )
