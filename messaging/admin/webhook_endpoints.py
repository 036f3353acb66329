"""Endpoints of outgoing webhooks, how far behind they are, and what they were sent."""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.models import WebhookAttempt, WebhookEndpoint
from messaging.outgoing_webhooks import again, endpoints
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import BAD, GOOD, WAITS, badge
from tenants.admin.confirming import order
from tenants.admin.filters import WordFilter
from tenants.admin.lists.changelist import CursorChangeList
from tenants.admin.lists.tenant_filter import TenantFilter

Status, Outcome = WebhookEndpoint.Status, WebhookAttempt.Outcome
NOUN = (_("endpoint"), _("endpoints"))
IS_DISABLED, IS_ASKED = Q(status=Status.DISABLED), Q(disabled_reason=WebhookEndpoint.Reason.ASKED)
TONES = {Outcome.DELIVERED: GOOD, Outcome.FAILED: WAITS, Outcome.GIVEN_UP: BAD}


class DisabledFilter(WordFilter):
    title = _("disabled because")
    parameter_name = "disabled"
    words: ClassVar = {
        "failed": (_("It failed, or said that it is gone"), IS_DISABLED & ~IS_ASKED),
        "asked": (_("Somebody asked for it"), IS_DISABLED & IS_ASKED),
    }


class EndpointChangeList(CursorChangeList):
    """Tells of all endpoints of a page at once how far behind they are."""

    def found_in(self, rows: QuerySet[Any]) -> list[Any]:
        return with_events_behind(super().found_in(rows))


def with_events_behind(found: list[Any]) -> list[Any]:
    """Return these endpoints, each with the number of events that it is behind."""
    behind = endpoints.behind([endpoint.id for endpoint in found])
    for endpoint in found:
        endpoint.events_behind = behind.get(endpoint.id, 0)
    return found


class WebhookRowAdmin(HistoryAdmin):
    """A page of rows of a tenant, or of the platform."""

    list_select_related = ["tenant"]

    @admin.display(description=_("tenant"))
    def whose(self, row: WebhookEndpoint | WebhookAttempt) -> str:
        return str(row.tenant or _("all tenants"))


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(WebhookRowAdmin):
    list_filter = [TenantFilter, "status", DisabledFilter]
    list_display = ["__str__", "whose", "host", "state", "behind", "created"]
    search_fields = ["id__exact", "tenant__slug__exact"]
    search_help_text = _("The id of an endpoint, or the short name of a tenant.")
    fields = [
        *("id", "whose", "host", "description", "types", "state", "disabled_at", "behind"),
        *("failures", "failing_since", "is_slow", "due_at", "position", "created_at"),
    ]
    readonly_fields = ["whose", "host", "state", "behind"]
    actions = ["send_test", "disable", "enable"]
    change_list = EndpointChangeList
    not_exported = ("behind",)

    def get_object(self, request: HttpRequest, *args: Any) -> Any:
        """Return the endpoint whose page is asked for, with how far behind it is."""
        found = super().get_object(request, *args)
        return with_events_behind([found])[0] if found else None

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, endpoint: WebhookEndpoint) -> SafeString | str:
        return times.ago(endpoint.created_at)

    @admin.display(description=_("status"))
    def state(self, endpoint: WebhookEndpoint) -> SafeString:
        if endpoint.status == Status.DISABLED:
            return badge(endpoint.get_disabled_reason_display(), BAD)
        return badge(_("failing"), WAITS) if endpoint.failures else badge(_("enabled"), GOOD)

    @admin.display(description=_("events behind"))
    def behind(self, endpoint: Any) -> str:
        number = endpoint.events_behind
        return _("%d or more") % number if number == endpoints.COUNTED else str(number)

    @order(
        _("Send a test event"),
        permission="order",
        done=_("sent a test event"),
        otherwise=_("The rest is disabled."),
        noun=NOUN,
    )
    def send_test(
        self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]
    ) -> Collection[UUID]:
        ids = queryset.filter(status=Status.ENABLED).order_by("id").values_list("id", flat=True)
        return [id for id in ids if again.send_test(id)]

    @order(
        _("Disable (nothing more is sent)"),
        permission="order",
        done=_("disabled"),
        otherwise=_("The rest is disabled already."),
        noun=NOUN,
    )
    def disable(
        self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]
    ) -> Collection[UUID]:
        return endpoints.disable(queryset.values_list("id", flat=True))

    @order(
        _("Enable (events are sent from where it stopped)"),
        permission="order",
        done=_("enabled"),
        otherwise=_("The rest is enabled already."),
        noun=NOUN,
    )
    def enable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> Collection[UUID]:
        return endpoints.enable(queryset.values_list("id", flat=True))

    def orders_for(self, request: HttpRequest, row: WebhookEndpoint) -> dict[str, str]:
        needless = {"enable"} if row.status == Status.ENABLED else {"send_test", "disable"}
        offered = super().orders_for(request, row)
        return {name: said for name, said in offered.items() if name not in needless}

    def has_order_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookendpoint")


@admin.register(WebhookAttempt)
class WebhookAttemptAdmin(WebhookRowAdmin):
    list_display = [
        "when",
        "whose",
        "endpoint",
        "type",
        "number",
        "result",
        "said",
        "duration_ms",
    ]
    list_filter = [TenantFilter, "outcome"]
    found_by_index = frozenset[str]()
    list_select_related = ["tenant", "endpoint"]
    searched_by_index = False
    search_fields = ["endpoint__id__exact", "event_id__exact"]
    search_help_text = _("The id of an endpoint, or of an event.")
    fields = [
        *("id", "whose", "endpoint", "event_id", "type", "number", "result", "said"),
        *("duration_ms", "at", "answer"),
    ]
    readonly_fields = ["whose", "result", "said"]

    @admin.display(description=_("when"), ordering="id")
    def when(self, attempt: WebhookAttempt) -> SafeString | str:
        return times.ago(attempt.at)

    @admin.display(description=_("result"))
    def result(self, attempt: WebhookAttempt) -> SafeString:
        return badge(attempt.get_outcome_display(), TONES[Outcome(attempt.outcome)])

    @admin.display(description=_("answer"))
    def said(self, attempt: WebhookAttempt) -> Any:
        return attempt.http_status or attempt.error
