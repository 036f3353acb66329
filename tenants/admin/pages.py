"""The pages of tenants, staff and failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.admin.lists.paged import PagedAdmin
from tenants.admin.lists.tenant_filter import TENANT_VAR, TenantFilter
from tenants.models import Membership, Tenant, User
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = "Back-office"
admin.site.site_url = None
admin.site.login_form = StaffSignInForm


@admin.register(User)
class StaffAdmin(PagedAdmin, UserAdmin):
    """Staff are deactivated, not deleted: what they did stays theirs."""

    sortable_by = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    """The tenant's own people, who sign in at /staff/."""

    model = Membership
    fields = ["user", "role"]
    autocomplete_fields = ["user"]
    extra = 0


@admin.register(Tenant)
class TenantAdmin(PlatformAdmin):
    list_display = ["slug", "name", "status", "created_at"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    sortable_by = ["slug", "name", "status", "created_at"]
    readonly_fields = ["rows", "id", "created_at"]
    inlines = [MembershipInline]

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


@admin.register(AccessAttempt)
class FailedSignInAdmin(HistoryAdmin):
    """Failed sign-ins that count now. Deleting them lifts the lock of that name at that address."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]
    search_fields = ["username__exact"]
    search_help_text = "A whole user name."
    fields = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("axes.delete_accessattempt")
