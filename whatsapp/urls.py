"""Addresses below /connect/whatsapp/. Meta's ways back have no slash at their end, and answer with
one, too.
"""

from django.urls import path, re_path

from whatsapp.pages import meta_callbacks, views

urlpatterns = [
    path("", views.connect, name="connect_whatsapp"),
    path("begin/", views.begin, name="connect_whatsapp_begin"),
    path("state/", views.fresh_state, name="connect_whatsapp_state"),
    path("finish/", views.finish, name="connect_whatsapp_finish"),
    re_path(r"^callback/?$", views.callback, name="connect_whatsapp_callback"),
    path("<uuid:signup_id>/steps/", views.steps, name="connect_whatsapp_steps"),
    path(
        "channels/<uuid:channel_id>/disconnect/",
        views.disconnect,
        name="connect_whatsapp_disconnect",
    ),
    re_path(r"^deauthorize/?$", meta_callbacks.deauthorize, name="whatsapp_deauthorize"),
    re_path(r"^deletion/?$", meta_callbacks.delete, name="whatsapp_delete"),
    path("deletion/<slug:code>/", meta_callbacks.deletion, name="whatsapp_deletion"),
    path("<uuid:signup_id>/again/", views.again, name="connect_whatsapp_again"),
]
