"""Addresses below /api/v1/."""

from django.urls import path

from tenants.platform_api import connect_links, keys, tenants

urlpatterns = [
    path("tenants", tenants.Tenants.as_view()),
    path("tenants/<uuid:id>", tenants.OneTenant.as_view()),
    path("tenants/<uuid:id>/connect-links", connect_links.ConnectLinks.as_view()),
    path("tenants/<uuid:id>/keys", keys.TenantKeys.as_view()),
    path("tenants/<uuid:id>/keys/<uuid:key_id>", keys.OneTenantKey.as_view()),
]
