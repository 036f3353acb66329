"""Addresses below /api/v1/."""

from django.urls import path

from messaging.webhooks_api import deliveries, endpoints, orders, secrets

urlpatterns = [
    path("webhook-endpoints", endpoints.WebhookEndpoints.as_view()),
    path("webhook-endpoints/<uuid:id>", endpoints.OneWebhookEndpoint.as_view()),
    path("webhook-endpoints/<uuid:id>/secret", secrets.RotateSecret.as_view()),
    path("webhook-endpoints/<uuid:id>/test", orders.SendTest.as_view()),
    path("webhook-endpoints/<uuid:id>/replay", orders.Replay.as_view()),
    path("webhook-endpoints/<uuid:id>/deliveries", deliveries.Deliveries.as_view()),
]
