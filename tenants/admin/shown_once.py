"""Rows with a secret that a page shows once, right after they are made."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tenants.admin.made_for_tenants import MadeForTenants


class ShownOnce(MadeForTenants):
    """The form has one button: whatever is pressed, the page with the secret comes next."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"show_save_and_continue": False, **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def show_once(
        self, request: HttpRequest, row: Any, *, title: str, **secret: str
    ) -> HttpResponse:
        """Return the page that shows the secret of a new row: its model's `created.html`."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "row": row,
            **secret,
        }
        template = f"admin/{self.opts.app_label}/{self.opts.model_name}/created.html"
        return TemplateResponse(request, template, context)
