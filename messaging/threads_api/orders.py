"""Orders about a conversation's thread: pass it on, release it, take it."""

from functools import partial
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.content import Unsendable
from channels_app.events import NOTE_LENGTH
from messaging.api.idempotency import PARAMETER, done_once
from messaging.api.sending import refused
from messaging.conversations import tasks
from messaging.models import Conversation, ThreadOrder
from messaging.threads_api.serializers import ThreadOrderSerializer
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField
from tenants.api.views import ApiView
from tenants.models import KeyScope

Action = ThreadOrder.Action
BY = "the API"
described = partial(extend_schema, parameters=[PARAMETER], responses={202: ThreadOrderSerializer})


class NoteSerializer(StrictSerializer):
    note = TextField(
        required=False, max_length=NOTE_LENGTH, help_text="For whoever has the thread next."
    )


class ThreadOrderView(ApiView):
    serializer_class = ThreadOrderSerializer
    http_method_names = ["post"]
    scopes: ClassVar = {"POST": KeyScope.CONVERSATIONS_WRITE}

    def ordered(self, id: UUID, action: str, note: str = "") -> Response:
        conversation = self.row(Conversation.objects.select_related("channel"), id)
        try:
            order = tasks.give_order(conversation.id, action, note=note, by=BY)
        except Unsendable as refusal:
            raise refused(refusal, conversation.channel, below="") from None
        return Response(ThreadOrderSerializer(order).data, status=202)

    def note(self) -> str:
        return self.valid(NoteSerializer).get("note", "")


class PassThread(ThreadOrderView):
    @described(operation_id="pass_thread", request=NoteSerializer)
    @done_once
    def post(self, request: Request, id: UUID) -> Response:
        """Pass a thread of ours on to the channel's other responder. The provider is asked once, in
        a moment; GET tells what became of the order.
        """
        return self.ordered(id, Action.PASS, self.note())


class ReleaseThread(ThreadOrderView):
    @described(operation_id="release_thread", request=None)
    @done_once
    def post(self, request: Request, id: UUID) -> Response:
        """Give a thread of ours up: nobody has it then."""
        return self.ordered(id, Action.RELEASE)


class TakeThread(ThreadOrderView):
    @described(operation_id="take_thread", request=NoteSerializer)
    @done_once
    def post(self, request: Request, id: UUID) -> Response:
        """Take a thread from whoever has it. The provider decides whether we may."""
        return self.ordered(id, Action.TAKE, self.note())
