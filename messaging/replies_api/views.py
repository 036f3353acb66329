"""Reply strategies: which there are, and which answers for a tenant or one of its channels."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import Channel
from messaging.replies import choosing
from messaging.replies.registry import choosable
from messaging.replies_api import examples
from messaging.replies_api.form_fields import described
from messaging.replies_api.holding import holding
from messaging.replies_api.serializers import (
    HoldingStrategySerializer,
    ReplyChoiceSerializer,
    ReplyStrategiesSerializer,
)
from tenants.api.problems import escaped, invalid
from tenants.api.views import ApiView
from tenants.models import KeyScope

READ, WRITE = KeyScope.CHANNELS_READ, KeyScope.CHANNELS_WRITE
read_by = partial(extend_schema, examples=[examples.HOLDING])
set_by = partial(
    extend_schema,
    request=ReplyChoiceSerializer,
    responses=HoldingStrategySerializer,
    examples=[examples.CHOICE, examples.HOLDING],
)


class ReplyStrategies(ApiView):
    serializer_class = ReplyStrategiesSerializer
    scopes: ClassVar = {"GET": READ}

    @extend_schema(operation_id="list_reply_strategies", examples=[examples.STRATEGIES])
    def get(self, request: Request) -> Response:
        """List the strategies that can be chosen, each with its settings."""
        told = [
            {"name": name, "label": str(each.label), "settings": list(described(each))}
            for name, each in choosable().items()
        ]
        return Response(ReplyStrategiesSerializer({"items": told, "next": None}).data)


def errors_of(refusal: choosing.Refused) -> Iterator[dict[str, str]]:
    """Yield each fault with its place in the body."""
    for name, sentences in refusal.faults.items():
        pointer = f"/settings/{escaped(name)}" if name else "/strategy"
        yield from ({"pointer": pointer, "detail": each} for each in sentences)


class ReplyStrategyView(ApiView):
    serializer_class = HoldingStrategySerializer
    scopes: ClassVar = {"GET": READ, "PUT": WRITE, "DELETE": WRITE}

    def shown(self, channel_id: UUID | None) -> Response:
        return Response(HoldingStrategySerializer(holding(self.tenant_id, channel_id)).data)

    def chosen(self, channel_id: UUID | None) -> Response:
        given = self.valid(ReplyChoiceSerializer)
        try:
            choosing.choose(self.tenant_id, channel_id, given["strategy"], given["settings"])
        except choosing.Refused as refusal:
            raise invalid(list(errors_of(refusal))) from None
        return self.shown(channel_id)

    def forgotten(self, channel_id: UUID | None) -> Response:
        choosing.forget(self.tenant_id, channel_id)
        return Response(status=204)


class TenantsReplyStrategy(ReplyStrategyView):
    @read_by(operation_id="get_reply_strategy")
    def get(self, request: Request) -> Response:
        """Read which strategy answers for channels that have none of their own."""
        return self.shown(None)

    @set_by(operation_id="set_reply_strategy")
    def put(self, request: Request) -> Response:
        """Choose the strategy that answers for channels that have none of their own, from the next
        message on.
        """
        return self.chosen(None)

    @extend_schema(operation_id="delete_reply_strategy", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take the choice back: the platform's strategy answers again."""
        return self.forgotten(None)


class ChannelsReplyStrategy(ReplyStrategyView):
    @read_by(operation_id="get_channel_reply_strategy")
    def get(self, request: Request, id: UUID) -> Response:
        """Read which strategy answers on a channel."""
        return self.shown(self.channel_id(id))

    @set_by(operation_id="set_channel_reply_strategy")
    def put(self, request: Request, id: UUID) -> Response:
        """Choose the strategy that answers on a channel, from the next message on."""
        return self.chosen(self.channel_id(id))

    @extend_schema(operation_id="delete_channel_reply_strategy", responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take the channel's choice back: its tenant's strategy answers again."""
        return self.forgotten(self.channel_id(id))

    def channel_id(self, id: UUID) -> UUID:
        channel: Channel = self.row(Channel.objects.all(), id)
        return channel.id
