"""Channels: list and read them, and set what they answer by themselves."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import Channel
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField
from tenants.api.lists import ListView
from tenants.api.views import ApiView
from tenants.models import KeyScope


class WordSerializer(serializers.Serializer):
    """What the provider last said of one thing, and when."""

    value = serializers.CharField()
    at = serializers.CharField()


class ChannelSerializer(serializers.ModelSerializer):
    """A number, page or bot of the business. `external_id` and `account_id` are the provider's ids;
    `status_reason` says why it is not live; `auto_reply` goes before the business's. A test channel
    (`is_test`) asks no provider: its recipients behave by their number.
    """

    class Meta:
        model = Channel
        fields = [
            "id",
            "kind",
            "name",
            "external_id",
            "account_id",
            "phone_number",
            "is_test",
            "status",
            "status_reason",
            "auto_reply",
            "messages_per_second",
            "connected_at",
            "created_at",
        ]


class ChannelDetailSerializer(ChannelSerializer):
    """A channel with its health: what the provider says of it, each word with its value and since
    when.
    """

    health = serializers.DictField(child=WordSerializer())

    class Meta(ChannelSerializer.Meta):
        fields = [*ChannelSerializer.Meta.fields, "health"]


class ChannelChanges(StrictSerializer):
    """What the business may set of a channel; what is left away stays as it is."""

    name = TextField(required=False, max_length=200)
    auto_reply = TextField(
        required=False,
        max_length=4096,
        help_text="Answers every message on this channel; empty: the business's answer does.",
    )


class Channels(ListView):
    serializer_class = ChannelSerializer
    scopes: ClassVar = {"GET": KeyScope.CHANNELS_READ}

    @extend_schema(operation_id="list_channels")
    def get(self, request: Request) -> Response:
        """List channels, the newest first."""
        return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Channel]:
        return Channel.objects.all()


class OneChannel(ApiView):
    serializer_class = ChannelDetailSerializer
    scopes: ClassVar = {"GET": KeyScope.CHANNELS_READ, "PATCH": KeyScope.CHANNELS_WRITE}

    @extend_schema(operation_id="get_channel")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a channel and its health."""
        return Response(ChannelDetailSerializer(self.row(Channel.objects.all(), id)).data)

    @extend_schema(operation_id="update_channel", request=ChannelChanges)
    def patch(self, request: Request, id: UUID) -> Response:
        """Set the name of a channel, or what it answers by itself."""
        given = self.valid(ChannelChanges)
        channel = self.row(Channel.objects.all(), id)
        if given:
            Channel.objects.filter(id=channel.id).update(**given)
        return self.get(request, id)
