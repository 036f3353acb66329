"""A conversation's thread: who has it, who had it, and what was ordered; the base of orders."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.content import Unsendable
from messaging.api.sending import refused
from messaging.conversations import thread_history, thread_state, thread_tasks, writing
from messaging.models import Conversation
from messaging.threads_api.serializers import (
    NoteSerializer,
    ThreadDetailSerializer,
    ThreadOrderSerializer,
)
from tenants.api.views import ApiView
from tenants.models import KeyScope

BY = "the API"


class OneThread(ApiView):
    serializer_class = ThreadDetailSerializer
    scopes: ClassVar = {"GET": KeyScope.CONVERSATIONS_READ}

    @extend_schema(operation_id="get_thread")
    def get(self, request: Request, id: UUID) -> Response:
        """Read who has a conversation's thread, and what writing in it will do now."""
        conversation = self.row(Conversation.objects.select_related("channel"), id)
        told = {
            "thread": thread_state.state_of(conversation),
            "writing": writing.outcome_of(conversation),
            "history": thread_history.words_of(conversation),
            "orders": thread_history.orders_of(conversation),
        }
        return Response(ThreadDetailSerializer(told).data)


class ThreadOrderView(ApiView):
    serializer_class = ThreadOrderSerializer
    http_method_names = ["post"]
    scopes: ClassVar = {"POST": KeyScope.CONVERSATIONS_WRITE}

    def ordered(self, id: UUID, action: str, note: str = "") -> Response:
        conversation = self.row(Conversation.objects.select_related("channel"), id)
        try:
            order = thread_tasks.give_order(conversation.id, action, note=note, by=BY)
        except Unsendable as refusal:
            raise refused(refusal, conversation.channel, below="") from None
        return Response(ThreadOrderSerializer(order).data, status=202)

    def note(self) -> str:
        return self.valid(NoteSerializer).get("note", "")
