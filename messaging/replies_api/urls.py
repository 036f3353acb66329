"""Addresses below /api/v1/."""

from django.urls import path

from messaging.replies_api import views

urlpatterns = [
    path("reply-strategies", views.ReplyStrategies.as_view()),
    path("reply-strategy", views.TenantsReplyStrategy.as_view()),
    path("channels/<uuid:id>/reply-strategy", views.ChannelsReplyStrategy.as_view()),
]
