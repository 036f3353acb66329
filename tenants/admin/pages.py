"""The pages of tenants, failed sign-ins and background tasks."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.admin.audit.pages import Audited
from tenants.admin.base import HistoryAdmin, PlatformAdmin
from tenants.admin.made_for_tenants import MadeForTenants
from tenants.models import Membership, Tenant
from tenants.web.sign_in import StaffSignInForm

admin.site.site_header = admin.site.site_title = "Messaging"
admin.site.index_title = "Back-office"
admin.site.site_url = None
admin.site.login_form = StaffSignInForm


NOT_ONESELF = _(
    "Nobody gives, changes or removes a membership of their own. Ask a colleague to do it."
)


class Memberships(BaseInlineFormSet):
    """`asking`: the primary key of who sends the form, and finds no change of their own in it."""

    asking: Any = None

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {}).get("user")
            people = {form.initial.get("user"), given.pk if given else None}
            if form.has_changed() and self.asking in people:
                raise ValidationError(NOT_ONESELF)


class MembershipInline(admin.TabularInline):
    """The tenant's own people, who sign in at /staff/."""

    model = Membership
    formset = Memberships
    fields = ["user", "role"]
    autocomplete_fields = ["user"]
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.asking = request.user.pk  # type: ignore[attr-defined]
        return formset


@admin.register(Tenant)
class TenantAdmin(PlatformAdmin):
    list_display = ["slug", "name", "status", "created_at"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    readonly_fields = ["id", "created_at"]
    inlines = [MembershipInline]

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


admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class TaskAdmin(Audited, ProcrastinateJobAdmin):
    """Background tasks, as their queue shows them."""
