"""Addresses below /api/v1/."""

from django.urls import path

from messaging.threads_api import orders, views

urlpatterns = [
    path("conversations/<uuid:id>/thread", views.OneThread.as_view()),
    path("conversations/<uuid:id>/thread/pass", orders.PassThread.as_view()),
    path("conversations/<uuid:id>/thread/release", orders.ReleaseThread.as_view()),
    path("conversations/<uuid:id>/thread/take", orders.TakeThread.as_view()),
]
