"""The pages of tenants, staff and failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.admin.second_factors import reset_second_factor
from tenants.models import Membership, Tenant, User
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = "Back-office"
admin.site.site_url = None
admin.site.login_form = StaffSignInForm


@admin.register(User)
class StaffAdmin(PlatformAdmin, UserAdmin):
    """Staff are deactivated, not deleted: what they did stays theirs."""

    ordering = ["username"]
    actions = [reset_second_factor]

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
    readonly_fields = ["id", "created_at"]
    inlines = [MembershipInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessAttempt)
class FailedSignInAdmin(HistoryAdmin):
    """Failed sign-ins that count now. Deleting them lifts the lock of that name at that address."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]
    search_fields = ["username__exact"]
    search_help_text = "A whole user name."
    fields = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("axes.delete_accessattempt")
