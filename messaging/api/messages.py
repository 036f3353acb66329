"""Messages: list them, read one with all that was tried, send one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import Channel
from messaging.api import sending
from messaging.api.idempotency import PARAMETER, done_once
from messaging.api.serializers import MessageDetailSerializer, MessageSerializer
from messaging.models import Attempt, Conversation, Media, Message, MessageStatus
from tenants.api.lists import ListView, PageParameters
from tenants.api.views import ApiView
from tenants.models import KeyScope


class MessageFilters(PageParameters):
    conversation = serializers.UUIDField(
        required=False, help_text="Of this conversation, the newest first."
    )
    external_id = serializers.CharField(
        required=False, max_length=512, help_text="The one with this id at its provider."
    )
    needs_attention = serializers.BooleanField(
        required=False, help_text="true: those that failed, are held, or whose outcome is unknown."
    )


class Messages(ListView):
    filters = MessageFilters
    serializer_class = MessageSerializer
    scopes: ClassVar = {"GET": KeyScope.MESSAGES_READ, "POST": KeyScope.MESSAGES_WRITE}

    @extend_schema(operation_id="list_messages")
    def get(self, request: Request) -> Response:
        """List messages, the newest first. An inbound one has the status received."""
        return self.page()

    @extend_schema(
        operation_id="send_message",
        parameters=[PARAMETER],
        request=sending.SendSerializer,
        responses={202: MessageSerializer},
        examples=sending.EXAMPLES,
    )
    @done_once
    def post(self, request: Request) -> Response:
        """Send a message: it is checked at once, queued, and sent in its turn.

        202 says that it is queued; its status tells what became of it. 409: the contact may not be
        written to so now, for example because the channel's window is closed; `templates` then
        names those that may be sent.
        """
        given = self.valid(sending.SendSerializer)
        message = sending.send(given)
        (item,) = self.shown([message])
        return Response(item, status=202)

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Message]:
        # a join is taken for one of few rows, and then all of a tenant's messages are sorted; our
        # own managers name the tenant, whose size the planner knows
        rows = Message.objects.prefetch_related(
            Prefetch("attachment", Media.objects.all()),
            Prefetch("conversation", Conversation.objects.all()),
        )
        if conversation_id := filters.get("conversation"):
            rows = rows.filter(conversation=self.row(Conversation.objects.all(), conversation_id))
        if external_id := filters.get("external_id"):
            rows = rows.filter(external_id=external_id, channel__in=Channel.objects.values("id"))
        if filters.get("needs_attention"):
            rows = rows.filter(needs_attention=True)
        return rows

    def order_of(self, filters: Mapping[str, Any]) -> tuple[str, ...]:
        return ("-seq",) if filters.get("conversation") else self.order

    def shown(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        context = {"named": named_by(rows)}
        return list(MessageSerializer(rows, many=True, context=context).data)


class OneMessage(ApiView):
    serializer_class = MessageDetailSerializer
    scopes: ClassVar = {"GET": KeyScope.MESSAGES_READ}

    @extend_schema(operation_id="get_message")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a message with every try to send it and all that was reported of it."""
        related = Message.objects.select_related("attachment", "conversation").prefetch_related(
            Prefetch("tries", Attempt.objects.order_by("number")),
            Prefetch("statuses", MessageStatus.objects.order_by("occurred_at", "recorded_at")),
        )
        message = self.row(related, id)
        context = {"named": named_by([message])}
        return Response(MessageDetailSerializer(message, context=context).data)


def named_by(messages: Sequence[Message]) -> dict[tuple[UUID, str], str]:
    """Return our ids of the messages that these answer or aim at, by (channel, id at the provider);
    one statement for all.
    """
    wanted = {
        (message.channel_id, external_id)
        for message in messages
        for external_id in (message.quoted_external_id, message.target_external_id)
        if external_id
    }
    if not wanted:
        return {}
    channel_ids, external_ids = zip(*wanted, strict=True)
    found = Message.objects.filter(channel__in=set(channel_ids), external_id__in=set(external_ids))
    return {
        (channel_id, external_id or ""): str(id)
        for channel_id, external_id, id in found.values_list("channel_id", "external_id", "id")
    }
