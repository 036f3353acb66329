"""The secret of an endpoint, changed without a pause."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.outgoing_webhooks import endpoints
from messaging.webhooks_api.serializers import SecretSerializer
from messaging.webhooks_api.views import EndpointView
from tenants.models import KeyScope


class RotateSecret(EndpointView):
    scopes: ClassVar = {"POST": KeyScope.WEBHOOKS_WRITE}

    @extend_schema(
        operation_id="rotate_webhook_secret", request=None, responses={200: SecretSerializer}
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Make a new secret. The old one signs beside it for 24 hours."""
        with self.rows_open():
            return Response({"secret": endpoints.rotate_secret(self.endpoint(id).id)})
