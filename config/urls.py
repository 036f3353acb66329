"""URL patterns of the project. Middleware answers the health checks and serves static files."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config.security_txt import security_txt
from config.start import start
from messaging.media.views import media_file
from messaging.webhooks import WebhookView
from tenants.members.home import home
from tenants.web.readers import choose_language
from tenants.web.sign_in import SignInForm

sign_in = LoginView.as_view(template_name="staff/login.html", authentication_form=SignInForm)
urlpatterns = [
    path("", start, name="start"),
    path("language/<str:code>/", choose_language, name="language"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("favicon.ico", RedirectView.as_view(url=static("staff/icon.svg"))),
    re_path(
        r"^api/webhooks/(?P<kind>[a-z_]+)(?:/(?P<address>[A-Za-z0-9_-]{1,128}))?/?$",
        WebhookView.as_view(),
        name="webhook",
    ),
    path(
        "api/v1/",
        include(
            [
                path("", include("channels_app.api.urls")),
                path("", include("messaging.api.urls")),
                path("", include("messaging.threads_api.urls")),
                path("", include("messaging.privacy_api.urls")),
                path("", include("messaging.replies_api.urls")),
                path("", include("messaging.webhooks_api.urls")),
                path("", include("tenants.platform_api.urls")),
                path("", include("tenants.api.urls")),
            ]
        ),
    ),
    path("admin/", admin.site.urls),
    *[
        path(f"connect/{app}/", include(f"{app}.urls"))
        for app in settings.CHANNEL_APPS
        if find_spec(f"{app}.urls")
    ],
    path("staff/", home, name="staff"),
    path("staff/login/", sign_in, name="staff_sign_in"),
    path("staff/logout/", LogoutView.as_view(next_page="staff_sign_in"), name="staff_sign_out"),
    path("staff/second-factor/", include("tenants.second_factor.urls")),
    path("staff/", include("tenants.members.urls")),
    path("staff/<slug:slug>/media/<uuid:media_id>/", media_file, name="staff_media"),
]
