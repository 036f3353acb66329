"""Addresses below /api/v1/ that are no app's own. They come last: what is nothing answers here."""

from django.urls import re_path

from tenants.api import docs
from tenants.api.views import NotThere

urlpatterns = [
    re_path("^schema/?$", docs.schema, name="api_schema"),
    re_path("^docs/?$", docs.pages, name="api_docs"),
    re_path("", NotThere.as_view()),
]
