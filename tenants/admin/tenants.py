"""The page of tenants."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, badge
from tenants.admin.beside import TellsBeside
from tenants.admin.confirming import Question, order
from tenants.admin.lists.tenant_filter import TENANT_VAR, TenantFilter
from tenants.admin.made_for_tenants import MadeForTenants
from tenants.admin.people.memberships import MembershipInline
from tenants.models import Tenant

WORDS: dict[str, Any] = {"permission": "change", "noun": (_("tenant"), _("tenants"))}
SUSPEND = Question(
    _("Suspend this tenant?"),
    _(
        "What is written to them is stored, and is not answered later either. Nothing is sent for"
        " them: what waits is held, and expires if it waits too long. Their own software may read,"
        " and change nothing; their connect links do not open. Their people can still sign in."
    ),
    of_several=_("Suspend these tenants?"),
)
RESUME = Question(
    _("Resume this tenant?"),
    _(
        "From now on what is written to them is answered, and what was held for them and is still"
        " fresh leaves at once."
    ),
    of_several=_("Resume these tenants?"),
)


@admin.register(Tenant)
class TenantAdmin(TellsBeside):
    list_display = ["name", "slug", "state", "created"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    sortable_by = ["slug", "name", "state", "created"]
    readonly_fields = ["rows", "id", "status", "created_at"]
    inlines = [MembershipInline]
    actions = ["suspend", "resume"]

    @order(
        _("Suspend: nothing is answered or sent"),
        done=_("suspended"),
        otherwise=_("The rest was suspended before."),
        asks=SUSPEND,
        **WORDS,
    )
    def suspend(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> Collection[UUID]:
        return Tenant.objects.suspend(queryset.values_list("id", flat=True))

    @order(
        _("Resume: answer and send again"),
        done=_("active again"),
        otherwise=_("The rest was active before."),
        asks=RESUME,
        **WORDS,
    )
    def resume(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> Collection[UUID]:
        return Tenant.objects.resume(queryset.values_list("id", flat=True))

    def orders_for(self, request: HttpRequest, row: Tenant) -> dict[str, str]:
        needless = "resume" if row.status == Tenant.Status.ACTIVE else "suspend"
        offered = super().orders_for(request, row)
        return {name: said for name, said in offered.items() if name != needless}

    def in_words(self, row: Tenant) -> str:
        return f"{row.name} ({row.slug})"

    def entries_of(self, row: Tenant) -> dict[str, Any]:
        return {"tenant__id__exact": row.pk}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Render the form with links to the forms of what is made for the tenant."""
        tenant = context.get("original")
        context["made_here"] = [
            (maker.address_of_form(tenant), maker.making)
            for maker in self.admin_site._registry.values()
            if tenant and isinstance(maker, MadeForTenants) and maker.has_add_permission(request)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("status"), ordering="status")
    def state(self, tenant: Tenant) -> SafeString:
        is_active = tenant.status == Tenant.Status.ACTIVE
        return badge(tenant.get_status_display(), GOOD if is_active else BAD)

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, tenant: Tenant) -> SafeString | str:
        return times.ago(tenant.created_at)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("its rows"))
    def rows(self, tenant: Tenant) -> SafeString | str:
        """Return links to the lists that can be filtered by tenant."""
        if not tenant.slug:
            return self.get_empty_value_display()
        lists = [
            (
                model._meta,
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
            )
            for model, shown in self.admin_site._registry.items()
            if TenantFilter in shown.list_filter
        ]
        context = {"lists": lists, "parameter": TENANT_VAR, "slug": tenant.slug}
        return render_to_string("admin/tenants/tenant/rows.html", context)
