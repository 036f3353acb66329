"""The page of failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.base import HistoryAdmin

apps.get_app_config("axes").verbose_name = _("Signing in")
AccessAttempt._meta.verbose_name = _("failed sign-in")
AccessAttempt._meta.verbose_name_plural = _("failed sign-ins")


def called(attempt: AccessAttempt) -> str:
    return f"{attempt.username}, {attempt.ip_address}"


AccessAttempt.__str__ = called


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
