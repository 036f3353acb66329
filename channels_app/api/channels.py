"""Channels: list and read them, and set what they answer by themselves."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.api.channel_serializers import (
    ChannelChanges,
    ChannelDetailSerializer,
    ChannelSerializer,
)
from channels_app.models import Channel
from tenants.api.lists import ListView
from tenants.api.views import ApiView
from tenants.models import KeyScope


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
        """Set the name of a channel, or how it answers by itself."""
        given = self.valid(ChannelChanges)
        channel = self.row(Channel.objects.all(), id)
        if given:
            Channel.objects.filter(id=channel.id).update(**given)
        return self.get(request, id)
