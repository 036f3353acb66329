"""Simulated messages: somebody writes to a test channel, so that a window opens and an answer comes
without a provider.
"""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from uuid_utils.compat import uuid7

from channels_app import providers
from channels_app.content import FaultCode, Unsendable
from channels_app.models import Channel
from channels_app.providers import Lane
from channels_app.storable import Unstorable
from messaging.api.idempotency import PARAMETER, done_once
from messaging.api.sending import RecipientSerializer
from messaging.models import WebhookDelivery
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField
from tenants.api.problems import Problem, problem_at
from tenants.api.views import ApiView
from tenants.models import KeyScope

NO_TEST_CHANNEL = "People write to this channel themselves: only a test channel simulates it."
NOT_CONNECTED = "The channel is disconnected: nothing comes in by it."
EXAMPLE = OpenApiExample(
    "a text from a phone number",
    {
        "from": {"kind": "phone", "value": "+49 151 12345678"},
        "text": "Where is my order?",
        "name": "Ada",
    },
    request_only=True,
)


class SimulatedMessageSerializer(StrictSerializer):
    """A text that somebody writes. `from` is their address, `name` what they call themselves."""

    text = TextField(max_length=4096, allow_blank=False)
    name = TextField(required=False, default="", max_length=200)

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": RecipientSerializer(), **super().get_fields()}


class SimulatedSerializer(serializers.Serializer):
    """The id that the message will have at its provider: `GET /messages?external_id=` finds it."""

    external_id = serializers.CharField()


class SimulatedMessages(ApiView):
    scopes: ClassVar = {"POST": KeyScope.MESSAGES_WRITE}

    @extend_schema(
        operation_id="simulate_inbound_message",
        parameters=[PARAMETER],
        request=SimulatedMessageSerializer,
        responses={202: SimulatedSerializer},
        examples=[EXAMPLE],
    )
    @done_once
    def post(self, request: Request, id: UUID) -> Response:
        """Have somebody write to a test channel. The message is taken in as a provider's webhook
        is, a moment later, and answered as ever.

        409: the channel is no test channel, or is disconnected.
        """
        channel = self.row(Channel.objects.all(), id)
        external_id = f"test:{uuid7()}"
        body = webhook_of(channel, external_id, self.valid(SimulatedMessageSerializer))
        WebhookDelivery.store_simulated(channel, body, lane=Lane.MESSAGES)
        return Response({"external_id": external_id}, status=202)


def webhook_of(channel: Channel, external_id: str, given: dict[str, Any]) -> bytes:
    """Return the webhook of what SimulatedMessageSerializer took. Raises Problem."""
    acting = providers.simulated_for(channel)
    if acting is None:
        raise Problem(409, "not_a_test_channel", NO_TEST_CHANNEL)
    if channel.status not in Channel.ROUTABLE:
        raise Problem(409, FaultCode.CHANNEL_DISCONNECTED, NOT_CONNECTED)
    try:
        return acting.written_by(
            channel,
            **given["from"],
            external_id=external_id,
            name=given["name"],
            text=given["text"],
        )
    except (Unsendable, Unstorable) as refusal:
        raise problem_at("/from", str(refusal), code="bad_recipient") from None
