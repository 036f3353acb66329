"""The back-office's base classes, and tenants themselves. Everything runs as the operator: see
tenants/web/middleware.py.
"""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from tenants.models import Membership, Tenant, User
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = "Back-office"
admin.site.site_url = None
admin.site.login_form = StaffSignInForm


class PlatformAdmin(admin.ModelAdmin):
    """Lists that stay quick over millions of rows: newest first by id, no counting of everything,
    searched by exact ids.

    An action takes the rows of one page at most. Those that change something are made with
    tenants/confirming.py.
    """

    ordering = ["-id"]
    show_full_result_count = False
    list_per_page = list_max_show_all = 50

    class Media:
        css = {"all": ["tenants/back_office.css"]}

    def in_words(self, row: Any) -> str:
        """Return what a row is called where it is asked about."""
        return str(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With a button for each action of the list."""
        ordered = {
            name: said
            for name, said in self.get_action_choices(request, [])
            if name != "delete_selected"
        }
        context |= {
            "row_actions": ordered.items() if kwargs.get("change") else [],
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any
    ) -> HttpResponse | None:
        across = request.POST.get("select_across", "0") != "0"
        if across or len(request.POST.getlist(ACTION_CHECKBOX_NAME)) > self.list_per_page:
            said = f"Nothing was changed. Choose rows of one page, at most {self.list_per_page}."
            self.message_user(request, said, messages.ERROR)
            return None
        return super().response_action(request, queryset, *more)


class HistoryAdmin(PlatformAdmin):
    """What happened: to be read, never to be written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    """Those that count now. Whoever deletes them lifts the lock of that name at that address."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]
    search_fields = ["username__exact"]
    search_help_text = "A whole user name."
    fields = ["attempt_time", "username", "ip_address", "failures_since_start", "path_info"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("axes.delete_accessattempt")
