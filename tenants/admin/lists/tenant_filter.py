"""The filter by tenant: its short name is typed, because no page can list ten thousand."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant

SLUG = re.compile(r"[-\w]{1,63}", re.ASCII)
TENANT_VAR = "tenant"
MOST_OFFERED = 8  # that are called nearly so


def tenant_called(slug: str) -> Tenant | None:
    """Return the tenant of this short name."""
    return Tenant.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None


class TenantFilter(admin.SimpleListFilter):
    """Of a short name that no tenant has, the page offers those that are called nearly so."""

    title = _("tenant")
    parameter_name = TENANT_VAR
    template = "admin/tenant_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    @cached_property
    def typed(self) -> str:
        return (self.value() or "").strip()

    @cached_property
    def tenant(self) -> Tenant | None:
        return tenant_called(self.typed)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.typed:
            return queryset
        return queryset.filter(tenant=self.tenant) if self.tenant else queryset.none()

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the one form: what stands in it, and where it leads."""
        others = {**changelist.filter_params}
        for name in (TENANT_VAR, *OF_A_TENANT):
            others.pop(name, None)
        nearly = self.called_nearly_so() if self.typed and not self.tenant else []
        yield {
            "typed": self.typed,
            "tenant": self.tenant,
            "others": [(name, value) for name, values in others.items() for value in values],
            "without": changelist.get_query_string(remove=[TENANT_VAR, *OF_A_TENANT]),
            "nearly": [
                (tenant, changelist.get_query_string({TENANT_VAR: tenant.slug}))
                for tenant in nearly
            ],
        }

    def called_nearly_so(self) -> list[Tenant]:
        if "\0" in self.typed:
            return []
        words = Q(slug__icontains=self.typed) | Q(name__icontains=self.typed)
        return list(Tenant.objects.filter(words).order_by("slug")[:MOST_OFFERED])


OF_A_TENANT = ("channel",)  # filters that mean nothing without their tenant
