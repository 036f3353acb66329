"""Endpoints: registered, read, changed and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import endpoints
from messaging.outgoing_webhooks.addresses import BadAddress, CheckedAddress, checked
from messaging.webhooks_api.bodies import EndpointChanges, NewEndpoint
from messaging.webhooks_api.serializers import EndpointSerializer, EndpointWithSecret
from messaging.webhooks_api.views import EndpointView
from tenants.api.lists import ListView
from tenants.api.problems import problem_at
from tenants.models import KeyScope

READ, WRITE = KeyScope.WEBHOOKS_READ, KeyScope.WEBHOOKS_WRITE


class WebhookEndpoints(EndpointView, ListView):
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="list_webhook_endpoints")
    def get(self, request: Request) -> Response:
        """List the endpoints of outgoing webhooks, the newest first."""
        with self.rows_open():
            return self.page()

    @extend_schema(
        operation_id="create_webhook_endpoint",
        request=NewEndpoint,
        responses={201: EndpointWithSecret},
    )
    def post(self, request: Request) -> Response:
        """Register an endpoint: it gets what happens from now on, signed as Standard Webhooks
        describes it.
        """
        given = self.valid(NewEndpoint)
        address = address_of(given.pop("url"))
        with self.rows_open():
            endpoint, secret = endpoints.create(self.owner_id, address, **given)
            return Response({**self.told(endpoint), "secret": secret}, status=201)

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[WebhookEndpoint]:
        return self.owned()

    def shown(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        context = {"behind": endpoints.behind([row.id for row in rows])}
        return list(EndpointSerializer(rows, many=True, context=context).data)


class OneWebhookEndpoint(EndpointView):
    scopes: ClassVar = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="get_webhook_endpoint")
    def get(self, request: Request, id: UUID) -> Response:
        """Read an endpoint, and how far behind it is."""
        with self.rows_open():
            return Response(self.told(self.endpoint(id)))

    @extend_schema(operation_id="update_webhook_endpoint", request=EndpointChanges)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change an endpoint, disable it, or enable it: then it goes on where it stopped."""
        given = self.valid(EndpointChanges)
        status, url = given.pop("status", None), given.pop("url", None)
        address = address_of(url) if url is not None else None
        with self.rows_open():
            endpoints.update(self.endpoint(id).id, address=address, **given)
            if status is not None:
                (endpoints.enable if status == "enabled" else endpoints.disable)([id])
            return Response(self.told(self.endpoint(id)))

    @extend_schema(operation_id="delete_webhook_endpoint", request=None, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Delete an endpoint and its log."""
        with self.rows_open():
            endpoints.delete(self.endpoint(id).id)
        return Response(status=204)


def address_of(url: str) -> CheckedAddress:
    """Return the address, looked up. Raises Problem."""
    try:
        return checked(url)
    except BadAddress as fault:
        raise problem_at("/url", str(fault)) from None
