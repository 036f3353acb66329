"""Rows that are made from their tenant's page: the address of the form names the tenant, and no
field of it does.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tenants.admin.base import PlatformAdmin
from tenants.models import Tenant

OWNER = "tenant"  # in the address


class MadeForTenants(PlatformAdmin):
    """`making`: the link to the form, on the tenant's page."""

    making: str | Promise

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        owner = tenant_named(request)
        if owner is None and not self.is_made_for_the_platform(request):
            return self.without_owner(request)
        request.owner = owner  # type: ignore[attr-defined]
        context = {
            "subtitle": owner.name if owner else _("The platform's own"),
            "show_save_and_add_another": False,  # its address would name no tenant
        }
        return super().add_view(request, form_url, {**context, **(extra_context or {})})

    def is_made_for_the_platform(self, request: HttpRequest) -> bool:
        return False

    def address_of_form(self, tenant: Tenant) -> str:
        opts = self.opts
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
        return f"{address}?{OWNER}={tenant.pk}"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: type[forms.ModelForm] = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            return form
        owner = getattr(request, "owner", None)

        class Owned(form):  # type: ignore[valid-type, misc]
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self.instance.tenant = owner

        return Owned

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["tenant", *super().get_readonly_fields(request, obj)]

    def without_owner(self, request: HttpRequest) -> HttpResponse:
        """Return the page that says where rows are made; a form that was sent is refused."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Choose a tenant first"),
            "opts": self.opts,
            "media": self.media,
            "making": self.making,
            "others": self.other_ways(request),
        }
        template = "admin/tenants/made_for_tenants.html"
        status = 400 if request.method == "POST" else 200
        return TemplateResponse(request, template, context, status=status)

    def other_ways(self, request: HttpRequest) -> list[tuple[str, Any]]:
        """Return the address and the words of other links that the page offers."""
        return []


def tenant_named(request: HttpRequest) -> Tenant | None:
    try:
        return Tenant.objects.filter(id=UUID(request.GET.get(OWNER, ""))).first()
    except ValueError:
        return None
