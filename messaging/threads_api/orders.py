"""Orders about a conversation's thread: pass it on, release it, take it."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.api.idempotency import PARAMETER, done_once
from messaging.models import ThreadOrder
from messaging.threads_api.serializers import NoteSerializer, ThreadOrderSerializer
from messaging.threads_api.views import ThreadOrderView

Action = ThreadOrder.Action
described = partial(extend_schema, parameters=[PARAMETER], responses={202: ThreadOrderSerializer})


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
