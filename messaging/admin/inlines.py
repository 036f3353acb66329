"""Rows beneath the row that is shown."""

from typing import Any

from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest


class OfTenant(BaseInlineFormSet):
    """The rows with their tenant, because the indexes begin with it."""

    def __init__(self, *args: Any, **given: Any) -> None:
        given["queryset"] = given["queryset"].filter(tenant=given["instance"].tenant_id)
        super().__init__(*args, **given)


class HistoryInline(admin.TabularInline):
    """Rows that belong to the row shown, to be read."""

    formset = OfTenant
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
