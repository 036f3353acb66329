"""The log of the requests to an endpoint."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.models import WebhookAttempt
from messaging.webhooks_api.views import EndpointView
from tenants.api.lists import ListView
from tenants.models import KeyScope


class WebhookDeliverySerializer(serializers.ModelSerializer):
    """A request to an endpoint. `number`: which try of the event it was; `error`: why there was no
    answer; `answer`: the first kB of it.
    """

    class Meta:
        model = WebhookAttempt
        fields = [
            *("id", "event_id", "type", "number", "outcome", "http_status", "error"),
            *("duration_ms", "answer", "at"),
        ]


class Deliveries(EndpointView, ListView):
    serializer_class = WebhookDeliverySerializer
    scopes: ClassVar = {"GET": KeyScope.WEBHOOKS_READ}

    @extend_schema(operation_id="list_webhook_deliveries")
    def get(self, request: Request, id: UUID) -> Response:
        """List the requests to an endpoint within the last 30 days, the newest first."""
        with self.rows_open():
            return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[WebhookAttempt]:
        return WebhookAttempt.objects.filter(endpoint=self.endpoint(self.kwargs["id"]))
