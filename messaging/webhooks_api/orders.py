"""Orders for an endpoint: a test event, a replay."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.outgoing_webhooks import again
from messaging.webhooks_api.bodies import ReplaySerializer
from messaging.webhooks_api.serializers import TestEventSerializer
from messaging.webhooks_api.views import EndpointView
from tenants.models import KeyScope

WRITE = KeyScope.WEBHOOKS_WRITE


class SendTest(EndpointView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="send_test_event", request=None, responses={202: TestEventSerializer}
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Send a test event at once. It is tried once; the log tells what was answered."""
        with self.rows_open():
            return Response({"event": str(again.send_test(self.endpoint(id).id))}, status=202)


class Replay(EndpointView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(operation_id="replay_webhooks", request=ReplaySerializer)
    def post(self, request: Request, id: UUID) -> Response:
        """Send everything again from a moment or an event on."""
        given = self.valid(ReplaySerializer)
        with self.rows_open():
            endpoint = self.endpoint(id)
            if "event" in given:
                again.replay_from(endpoint.id, given["event"])
            else:
                again.replay_since(endpoint.id, given["since"])
            return Response(self.told(self.endpoint(id)))
