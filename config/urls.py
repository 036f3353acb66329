"""Every address the project answers at."""

from django.contrib import admin
from django.urls import path, re_path

from config import health
from messaging.webhooks import WebhookView

urlpatterns = [
    re_path(r"^health/?$", health.alive),
    re_path(r"^health/ready/?$", health.ready),
    re_path(r"^api/webhooks/(?P<kind>[a-z_]+)/?$", WebhookView.as_view(), name="webhook"),
    path("admin/", admin.site.urls),
]
