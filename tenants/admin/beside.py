"""What other apps' pages set for a row, told on the row's own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from tenants.admin.base import PlatformAdmin


class SetsBeside(PlatformAdmin):
    """Pages on which something is set for rows of another model."""

    def told_of(self, request: HttpRequest, row: Any) -> SafeString | str:
        """Return what the page of this row tells of it; empty: nothing."""
        raise NotImplementedError


class TellsBeside(PlatformAdmin):
    """Tells on the page of each row what is set for it elsewhere."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        pages = self.admin_site._registry.values()
        setting = [page for page in pages if row and isinstance(page, SetsBeside)]
        told = (page.told_of(request, row) for page in setting)
        context["told_beside"] = [each for each in told if each]
        return super().render_change_form(request, context, *args, **kwargs)
