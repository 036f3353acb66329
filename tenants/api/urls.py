"""Addresses below /api/v1/ that are no app's own. They come last: what is nothing answers here."""

from django.urls import path, re_path

from tenants.api import docs
from tenants.api.auto_reply import AutoReply
from tenants.api.views import NotThere

urlpatterns = [
    path("auto-reply", AutoReply.as_view()),
    re_path("^schema/?$", docs.schema, name="api_schema"),
    re_path("^docs/?$", docs.pages, name="api_docs"),
    re_path("", NotThere.as_view()),
]
