"""Addresses below /api/v1/."""

from django.urls import path

from channels_app.api import channels, events, templates

urlpatterns = [
    path("channels", channels.Channels.as_view()),
    path("channels/<uuid:id>", channels.OneChannel.as_view()),
    path("events", events.Events.as_view()),
    path("templates", templates.Templates.as_view()),
    path("templates/<uuid:id>", templates.OneTemplate.as_view()),
]
