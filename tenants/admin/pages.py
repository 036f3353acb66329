"""The pages of tenants, staff and failed sign-ins."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.admin.confirming import Question, order
from tenants.models import Membership, Tenant, User
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = "Back-office"
admin.site.site_url = None
admin.site.login_form = StaffSignInForm

WORDS: dict[str, Any] = {"permission": "change", "noun": (_("tenant"), _("tenants"))}
SUSPEND = Question(
    _("Suspend these tenants?"),
    _(
        "What is written to them is stored, and is not answered later either. Nothing is sent for"
        " them: what waits is held, and expires if it waits too long. Their own software may read,"
        " and change nothing; their connect links do not open. Their people can still sign in."
    ),
)
RESUME = Question(
    _("Resume these tenants?"),
    _(
        "From now on what is written to them is answered, and what was held for them and is still"
        " fresh leaves at once."
    ),
)


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
    readonly_fields = ["id", "status", "created_at"]
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
