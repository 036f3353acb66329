"""The base of the views of endpoints."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import endpoints
from messaging.webhooks_api.serializers import EndpointSerializer
from tenants.api.problems import Problem
from tenants.api.views import ApiView
from tenants.scope import tenant_scope


class EndpointView(ApiView):
    """A handler opens its scope around its rows alone: an address is looked up in the network."""

    serializer_class = EndpointSerializer

    def scope(self) -> AbstractContextManager[None]:
        return nullcontext()

    @contextmanager
    def rows_open(self) -> Iterator[None]:
        """Open the tenant's scope. What is refused is said."""
        try:
            with tenant_scope(self.tenant_id):
                yield
        except endpoints.Refused as refusal:
            raise Problem(409, "refused", str(refusal)) from None

    def told(self, endpoint: WebhookEndpoint) -> dict[str, Any]:
        behind = endpoints.behind([endpoint.id])
        return dict(EndpointSerializer(endpoint, context={"behind": behind}).data)
