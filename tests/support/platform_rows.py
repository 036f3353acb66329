"""Rows of the platform's own: one for each page of the back-office that would be empty."""

import json

from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from channels_app.models import Channel, ChannelMove
from messaging.models import Alert, DeadLetter, Message, WebhookDelivery
from tenants.models import User
from tenants.scope import operator_scope
from tests.support.markup import HOSTILE

BODY = '{"object": "whatsapp_business_account", "entry": [{"half": "\\ud800", "text": %s}]}'


def make_platform_rows(operator: User) -> None:
    """A delivery with something set aside and a hostile body, an alert, a move, a failed sign-in,
    and what the operator did.
    """
    now = timezone.now()
    with operator_scope():
        delivery = WebhookDelivery.objects.latest("id")
        body = (BODY % json.dumps(HOSTILE)).encode() + b"\xed\xa0\x80\x00"
        WebhookDelivery.objects.filter(id=delivery.id).update(body=body, error="1 item")
        for position, cause in enumerate(DeadLetter.Cause):
            DeadLetter.objects.create(
                delivery=delivery, position=position, cause=cause, reason="why", item="{}"
            )
        channel = Channel.objects.latest("id")
        Alert.objects.create(
            kind="x", whose="whose", said="said", step="step", began_at=now, seen_at=now
        )
        ChannelMove.objects.create(
            kind="whatsapp",
            external_id="1",
            from_tenant_id=channel.tenant_id,
            from_channel_id=channel.id,
            to_tenant_id=channel.tenant_id,
            by_user_id=operator.id,
        )
        AccessAttempt.objects.create(username="x", ip_address="127.0.0.1", failures_since_start=1)
        Group.objects.create(name="a group")
        LogEntry.objects.create(
            user=operator,
            content_type=ContentType.objects.get_for_model(Message),
            object_id=str(Message.objects.latest("id").id),
            object_repr="a message",
            action_flag=CHANGE,
            change_message="changed",
        )
