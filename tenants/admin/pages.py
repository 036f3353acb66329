"""The pages of tenants, staff and failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.models import Membership, Tenant, User


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Staff are deactivated, not deleted: what they did stays theirs."""

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
