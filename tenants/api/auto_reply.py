"""The text that answers every message of a business, unless a channel has its own."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField
from tenants.api.views import ApiView
from tenants.models import KeyScope, Tenant


class AutoReplySerializer(StrictSerializer):
    """An automatic reply; an empty one answers nothing."""

    auto_reply = TextField(max_length=4096)


class AutoReply(ApiView):
    serializer_class = AutoReplySerializer
    scopes: ClassVar = {"GET": KeyScope.CHANNELS_READ, "PUT": KeyScope.CHANNELS_WRITE}

    @extend_schema(operation_id="get_auto_reply")
    def get(self, request: Request) -> Response:
        """Read what the business answers by itself. A channel's own auto_reply goes before it."""
        return Response(AutoReplySerializer(Tenant.objects.get()).data)

    @extend_schema(operation_id="set_auto_reply")
    def put(self, request: Request) -> Response:
        """Set what the business answers by itself, from the next message on."""
        Tenant.objects.update(**self.valid(AutoReplySerializer))
        return self.get(request)
