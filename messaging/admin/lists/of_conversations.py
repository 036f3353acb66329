"""The list of conversations: its filters, and the order that an index serves."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.admin.lists.searching import SearchedChangeList
from messaging.models.answering import Because, is_waiting
from tenants.admin.lists.tenant_filter import TENANT_VAR

STATUS = "status__exact"
ANY_REASON = "yes"
SOON = timedelta(hours=2)
OPEN, SOON_CLOSED, CLOSED, NEVER = "open", "soon", "closed", "never"
ORDERS = {OPEN: "-window_closes_at", SOON_CLOSED: "window_closes_at", CLOSED: "-window_closes_at"}


class WindowFilter(admin.SimpleListFilter):
    """Whether the business may write freely."""

    title = _("window")
    parameter_name = "window"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (OPEN, _("Open")),
            (SOON_CLOSED, _("Closes within two hours")),
            (CLOSED, _("Closed")),
            (NEVER, _("The contact never wrote")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "open":
                return queryset.filter(window_closes_at__gt=now)
            case "soon":
                return queryset.filter(window_closes_at__gt=now, window_closes_at__lte=now + SOON)
            case "closed":
                return queryset.filter(window_closes_at__lte=now)
            case "never":
                return queryset.filter(window_closes_at=None)
        return queryset


class AnsweringFilter(admin.SimpleListFilter):
    """Whether a person is waited for, and why."""

    title = _("waits for a person")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(ANY_REASON, _("Yes, for whatever reason")), *Because.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == ANY_REASON:
            return queryset.filter(is_waiting())
        if self.value() in Because.values:
            return queryset.filter(is_waiting(), waiting_because=self.value())
        return queryset


class ConversationChangeList(SearchedChangeList):
    """The last written in first; by the window's end where that is asked for, of all tenants."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        if self.is_by_window:
            return [ORDERS[self.params["window"]], "-id"]
        return super().get_ordering(request, queryset)

    @property
    def found_by_index(self) -> Collection[str]:
        if self.is_by_window:
            return {TENANT_VAR, WindowFilter.parameter_name}
        return {TENANT_VAR, STATUS} if self.has_tenant else {TENANT_VAR}

    @property
    def is_by_window(self) -> bool:
        return self.params.get("window") in ORDERS and not self.has_tenant
