"""Conversations: list and read them, close or reopen one, hand it to people, show it as read."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import Channel
from messaging.api.serializers import ConversationSerializer
from messaging.conversations import state, tasks
from messaging.models import Contact, Conversation
from messaging.models.answering import is_waiting
from tenants.api.lists import ListView, PageParameters
from tenants.api.views import ApiView
from tenants.models import KeyScope

ORDERS = {"created": ("-id",), "activity": ("-last_message_at", "-id")}


class ConversationFilters(PageParameters):
    contact = serializers.UUIDField(required=False)
    channel = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(Conversation.Status.values, required=False)
    waiting = serializers.BooleanField(
        required=False, help_text="true: those alone that wait for a person."
    )
    order = serializers.ChoiceField(
        list(ORDERS),
        required=False,
        default="created",
        help_text="created: the newest first. activity: the last one written in first; a"
        " conversation that somebody writes in moves to the front.",
    )


class Conversations(ListView):
    filters = ConversationFilters
    serializer_class = ConversationSerializer
    scopes: ClassVar = {"GET": KeyScope.CONVERSATIONS_READ}

    @extend_schema(operation_id="list_conversations")
    def get(self, request: Request) -> Response:
        """List conversations."""
        return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Conversation]:
        rows = Conversation.objects.filter(merged_into=None)
        if id := filters.get("contact"):
            rows = rows.filter(contact=self.row(Contact.objects.all(), id))
        if id := filters.get("channel"):
            rows = rows.filter(channel=self.row(Channel.objects.all(), id))
        if filters.get("waiting"):
            rows = rows.filter(is_waiting())
        if status := filters.get("status"):
            rows = rows.filter(status=status)
        return rows

    def order_of(self, filters: Mapping[str, Any]) -> tuple[str, ...]:
        return ORDERS[filters["order"]]


class OneConversation(ApiView):
    serializer_class = ConversationSerializer
    scopes: ClassVar = {"GET": KeyScope.CONVERSATIONS_READ}

    @extend_schema(operation_id="get_conversation")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a conversation."""
        return self.shown(id)

    def shown(self, id: UUID) -> Response:
        return Response(ConversationSerializer(self.row(Conversation.objects.all(), id)).data)


class ConversationOrder(OneConversation):
    """An order without a body, which may be repeated: it is done once and answered alike."""

    http_method_names = ["post"]
    scopes: ClassVar = {"POST": KeyScope.CONVERSATIONS_WRITE}

    def ordered(self, id: UUID, carry_out: Callable[[UUID], Any]) -> Response:
        conversation = self.row(Conversation.objects.all(), id)
        carry_out(conversation.id)
        return self.shown(id)


class CloseConversation(ConversationOrder):
    @extend_schema(operation_id="close_conversation", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Close a conversation. The contact's next message opens it again."""
        return self.ordered(id, state.close)


class ReopenConversation(ConversationOrder):
    @extend_schema(operation_id="reopen_conversation", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Reopen a conversation."""
        return self.ordered(id, state.reopen)


class HandOverConversation(ConversationOrder):
    @extend_schema(operation_id="hand_over_conversation", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Hand a conversation over to people: it waits for one, and nothing is answered
        automatically until it is handed back, or for as long as the tenant has set.
        """
        return self.ordered(id, state.hand_over)


class TakeConversation(ConversationOrder):
    @extend_schema(operation_id="take_conversation", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Note that a person answers: nobody has to be waited for, and nothing is answered
        automatically until it is handed back, or for as long as the tenant has set.
        """
        return self.ordered(id, state.take)


class HandBackConversation(ConversationOrder):
    @extend_schema(operation_id="hand_back_conversation", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Hand a conversation back to automation."""
        return self.ordered(id, state.hand_back)


class MarkRead(ConversationOrder):
    @extend_schema(operation_id="mark_conversation_read", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Show the contact that everything they wrote was read, where the channel can show it."""
        return self.ordered(id, tasks.mark_read)


class ShowTyping(ConversationOrder):
    @extend_schema(operation_id="show_typing", request=None)
    def post(self, request: Request, id: UUID) -> Response:
        """Show the contact that an answer is being written, where the channel can show it. It marks
        what they wrote as read, too.
        """
        return self.ordered(id, tasks.show_typing)
