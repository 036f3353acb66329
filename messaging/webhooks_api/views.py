"""The base of the views of endpoints."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.serializers import Serializer

from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import endpoints
from messaging.webhooks_api.serializers import EndpointSerializer
from tenants.api.problems import Problem
from tenants.api.views import ApiView
from tenants.scope import tenant_scope


class EndpointView(ApiView):
    """A view of the endpoints of the key's tenant. A handler opens its scope around its rows alone:
    an address is looked up in the network.
    """

    serializer_class: type[Serializer] = EndpointSerializer

    @property
    def owner_id(self) -> UUID | None:
        """Return the tenant whose endpoints these are; None: the platform."""
        return self.tenant_id

    def scope(self) -> AbstractContextManager[None]:
        return nullcontext()

    def scope_of_rows(self) -> AbstractContextManager[None]:
        return tenant_scope(self.tenant_id)

    @contextmanager
    def rows_open(self) -> Iterator[None]:
        """Open the scope of the rows. What is refused is said."""
        try:
            with self.scope_of_rows():
                yield
        except endpoints.Refused as refusal:
            raise Problem(409, "refused", str(refusal)) from None

    def owned(self) -> QuerySet[WebhookEndpoint]:
        """Return the owner's endpoints, whatever else the scope sees."""
        return WebhookEndpoint.objects.filter(tenant=self.owner_id)

    def endpoint(self, id: UUID) -> WebhookEndpoint:
        """Return the owner's endpoint. Raises Http404."""
        endpoint: WebhookEndpoint = self.row(self.owned(), id)
        return endpoint

    def told(self, endpoint: WebhookEndpoint) -> dict[str, Any]:
        behind = endpoints.behind([endpoint.id])
        return dict(EndpointSerializer(endpoint, context={"behind": behind}).data)
