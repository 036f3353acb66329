"""Rows beneath the row that is shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class HistoryInline(admin.TabularInline):
    """Rows that belong to the row shown, to be read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
