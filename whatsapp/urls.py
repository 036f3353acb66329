"""Addresses below /connect/whatsapp/. Meta's ways back, and a link, have no slash at their end, and
answer with one, too.
"""

from django.urls import path, re_path

from whatsapp.pages import link_views, meta_callbacks, views

OF_A_LINK = "links/<uuid:link_id>/"
urlpatterns = [
    re_path(r"^link/(?P<token>[^/]+)/?$", link_views.link, name="connect_whatsapp_link"),
    path(OF_A_LINK, link_views.connect, name="connect_whatsapp_holder"),
    path(f"{OF_A_LINK}begin/", link_views.begin, name="connect_whatsapp_holder_begin"),
    path(f"{OF_A_LINK}state/", link_views.fresh_state, name="connect_whatsapp_holder_state"),
    path(f"{OF_A_LINK}finish/", link_views.finish, name="connect_whatsapp_holder_finish"),
    path(
        f"{OF_A_LINK}<uuid:signup_id>/steps/",
        link_views.steps,
        name="connect_whatsapp_holder_steps",
    ),
    path(
        f"{OF_A_LINK}<uuid:signup_id>/again/",
        link_views.again,
        name="connect_whatsapp_holder_again",
    ),
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
