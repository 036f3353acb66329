"""Addresses below /api/v1/."""

from django.urls import path

from messaging.webhooks_api import deliveries, endpoints, orders, platform, secrets

urlpatterns = [
    path("webhook-endpoints", endpoints.WebhookEndpoints.as_view()),
    path("webhook-endpoints/<uuid:id>", endpoints.OneWebhookEndpoint.as_view()),
    path("webhook-endpoints/<uuid:id>/secret", secrets.RotateSecret.as_view()),
    path("webhook-endpoints/<uuid:id>/test", orders.SendTest.as_view()),
    path("webhook-endpoints/<uuid:id>/replay", orders.Replay.as_view()),
    path("webhook-endpoints/<uuid:id>/deliveries", deliveries.Deliveries.as_view()),
    path("platform/webhook-endpoints", platform.PlatformEndpoints.as_view()),
    path("platform/webhook-endpoints/<uuid:id>", platform.OnePlatformEndpoint.as_view()),
    path("platform/webhook-endpoints/<uuid:id>/secret", platform.RotatePlatformSecret.as_view()),
    path("platform/webhook-endpoints/<uuid:id>/test", platform.SendPlatformTest.as_view()),
    path("platform/webhook-endpoints/<uuid:id>/replay", platform.PlatformReplay.as_view()),
    path("platform/webhook-endpoints/<uuid:id>/deliveries", platform.PlatformDeliveries.as_view()),
]
