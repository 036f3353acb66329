"""The pages of tenants, staff and failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, badge
from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.models import Membership, Tenant, User
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = _("Back-office")
admin.site.site_url = None
admin.site.login_form = StaffSignInForm
apps.get_app_config("axes").verbose_name = _("Signing in")
apps.get_app_config("procrastinate").verbose_name = _("Background tasks")
AccessAttempt._meta.verbose_name = _("failed sign-in")
AccessAttempt._meta.verbose_name_plural = _("failed sign-ins")


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
    list_display = ["name", "slug", "state", "created"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    readonly_fields = ["id", "created_at"]
    inlines = [MembershipInline]

    @admin.display(description=_("status"), ordering="status")
    def state(self, tenant: Tenant) -> SafeString:
        is_active = tenant.status == Tenant.Status.ACTIVE
        return badge(tenant.get_status_display(), GOOD if is_active else BAD)

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, tenant: Tenant) -> SafeString | str:
        return times.ago(tenant.created_at)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessAttempt)
class FailedSignInAdmin(HistoryAdmin):
    """Failed sign-ins that count now. Deleting them lifts the lock of that name at that address."""

    list_display = ["failed", "username", "ip_address", "failures_since_start", "path_info"]
    search_fields = ["username__exact"]
    search_help_text = _("A whole user name.")
    fields = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]

    @admin.display(description=_("last failed"), ordering="attempt_time")
    def failed(self, attempt: AccessAttempt) -> SafeString | str:
        return times.ago(attempt.attempt_time)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("axes.delete_accessattempt")
