"""A conversation's thread: who has it, who had it, and what was ordered."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.conversations import thread_history, thread_state
from messaging.models import Conversation
from messaging.threads_api.serializers import ThreadDetailSerializer
from tenants.api.views import ApiView
from tenants.models import KeyScope


class OneThread(ApiView):
    serializer_class = ThreadDetailSerializer
    scopes: ClassVar = {"GET": KeyScope.CONVERSATIONS_READ}

    @extend_schema(operation_id="get_thread")
    def get(self, request: Request, id: UUID) -> Response:
        """Read who has a conversation's thread, and what writing in it will do now."""
        conversation = self.row(Conversation.objects.select_related("channel"), id)
        told = {
            "thread": thread_state.state_of(conversation),
            "writing": thread_state.writing_in(conversation),
            "history": thread_history.words_of(conversation),
            "orders": thread_history.orders_of(conversation),
        }
        return Response(ThreadDetailSerializer(told).data)
