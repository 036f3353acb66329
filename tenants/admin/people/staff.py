"""The pages of users and groups. Nobody edits their own rights; only superusers give any."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.admin.audit.pages import Audited
from tenants.admin.base import PlatformAdmin
from tenants.admin.people.second_factors import reset_second_factor
from tenants.models import User
from tenants.passwords import PasswordAlone

GIVEN = ("is_staff", "is_superuser", "groups", "user_permissions")
RIGHTS = ("is_active", *GIVEN)

admin.site.unregister(Group)


class PasswordForm(PasswordAlone, AdminPasswordChangeForm):
    """Set somebody's password, or take the sign-in by password away."""


@admin.register(User)
class StaffAdmin(PlatformAdmin, UserAdmin):
    """Staff are deactivated, not deleted: what they did stays theirs.

    Who is no superuser changes the accounts of tenants' people alone: the address or the password
    of a colleague would be as good as the colleague's rights.
    """

    ordering = ["username"]
    sortable_by = None
    change_password_form = PasswordForm
    actions = [reset_second_factor]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_above = obj is not None and (obj.is_staff or obj.is_superuser)
        may = super().has_change_permission(request, obj)
        return may and (request.user.is_superuser or not is_above)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed: tuple[str, ...] = () if request.user.is_superuser else GIVEN
        if obj is not None and obj.pk == request.user.pk:
            fixed = RIGHTS
        return [*super().get_readonly_fields(request, obj), *fixed]

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set somebody's password. One's own is changed on the page that asks for the old one."""
        user = self.get_object(request, unquote(id))
        if user is not None and user.pk == request.user.pk:
            return redirect("staff_password")
        return super().user_change_password(request, id, form_url)


@admin.register(Group)
class RightsOfGroupsAdmin(Audited, GroupAdmin):
    """Whoever edits a group edits the rights of its members, perhaps their own."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
