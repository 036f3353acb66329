"""The platform's own endpoints: each gets the events of every tenant. The operations are those of a
tenant's endpoints.
"""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.webhooks_api.bodies import NewEndpoint
from messaging.webhooks_api.deliveries import Deliveries
from messaging.webhooks_api.endpoints import OneWebhookEndpoint, WebhookEndpoints
from messaging.webhooks_api.orders import Replay, SendTest
from messaging.webhooks_api.platform_views import OfPlatform
from messaging.webhooks_api.secrets import RotateSecret
from messaging.webhooks_api.serializers import EndpointWithSecret


@extend_schema_view(get=extend_schema(operation_id="list_platform_webhook_endpoints"))
class PlatformEndpoints(OfPlatform, WebhookEndpoints):
    @extend_schema(
        operation_id="create_platform_webhook_endpoint",
        request=NewEndpoint,
        responses={201: EndpointWithSecret},
    )
    def post(self, request: Request) -> Response:
        """Register an endpoint for all tenants: it gets what happens to any of them from now on,
        signed as Standard Webhooks describes it. `tenant_id` in `data` says whose event it is.
        """
        return super().post(request)


@extend_schema_view(
    get=extend_schema(operation_id="get_platform_webhook_endpoint"),
    patch=extend_schema(operation_id="update_platform_webhook_endpoint"),
    delete=extend_schema(operation_id="delete_platform_webhook_endpoint"),
)
class OnePlatformEndpoint(OfPlatform, OneWebhookEndpoint): ...


@extend_schema_view(post=extend_schema(operation_id="rotate_platform_webhook_secret"))
class RotatePlatformSecret(OfPlatform, RotateSecret): ...


@extend_schema_view(post=extend_schema(operation_id="send_platform_test_event"))
class SendPlatformTest(OfPlatform, SendTest): ...


@extend_schema_view(post=extend_schema(operation_id="replay_platform_webhooks"))
class PlatformReplay(OfPlatform, Replay): ...


@extend_schema_view(get=extend_schema(operation_id="list_platform_webhook_deliveries"))
class PlatformDeliveries(OfPlatform, Deliveries): ...
