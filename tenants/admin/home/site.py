"""The back-office's site: its names, its sign-in form and its home page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from tenants.admin.home.needs import home_for
from tenants.web.sign_in import StaffSignInForm


class BackOffice(AdminSite):
    """`admin.site`. A page whose admin class names another app in `listed_under` stands there in
    the menu, as `listed_as`.
    """

    site_header = site_title = _("Messaging")
    index_title = _("What needs a hand")
    site_url = None
    login_form = StaffSignInForm
    index_template = "admin/home.html"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, {"home": home_for(request.user), **(extra_context or {})})

    def i18n_javascript(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Return the words of Django's scripts, with those that Django has in English alone."""
        words = JavaScriptCatalog.as_view(packages=["django.contrib.admin", "tenants"])
        return words(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page on which wrong guesses at the old password count, and lock."""
        return redirect("staff_password")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps: list[dict[str, Any]] = super().get_app_list(request)
        by_label = {app["app_label"]: app for app in apps}
        for app in apps:
            for entry in list(app["models"]):
                page: Any = self.get_model_admin(entry["model"])
                under = by_label.get(getattr(page, "listed_under", ""))
                if under is not None:
                    app["models"].remove(entry)
                    under["models"].append({**entry, "name": page.listed_as})
        return [app for app in apps if app["models"] and app_label in (None, app["app_label"])]
