"""Addresses below /api/v1/."""

from django.urls import path

from messaging.privacy_api import views

urlpatterns = [
    path("contacts/<uuid:id>/export", views.ExportContact.as_view()),
    path("contacts/<uuid:id>/erase", views.EraseContact.as_view()),
]
