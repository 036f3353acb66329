"""The message templates of business accounts, as their provider tells of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_app.models import MessageTemplate
from channels_app.models.template import APPROVED
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge, isolated
from tenants.admin.lists.tenant_filter import TenantFilter

TONES = {
    **dict.fromkeys(("rejected", "disabled", "deleted"), BAD),
    **dict.fromkeys(("pending", "paused"), WAITS),
    APPROVED: GOOD,
}


class SendableFilter(admin.SimpleListFilter):
    """Without asking the table for its distinct values."""

    title = _("can be sent")
    parameter_name = "sendable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[MessageTemplate]
    ) -> QuerySet[MessageTemplate]:
        match self.value():
            case "yes":
                return queryset.filter(status=APPROVED)
            case "no":
                return queryset.exclude(status=APPROVED)
        return queryset


@admin.register(MessageTemplate)
class MessageTemplateAdmin(HistoryAdmin):
    """Fetched by the action of a channel, and every night."""

    list_display = [
        "shown_name",
        "language",
        "tenant",
        "account_id",
        "category",
        "state",
        "quality",
        "changed",
        "synced",
    ]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter, SendableFilter]
    found_by_index = frozenset({TenantFilter.parameter_name})
    search_fields = [
        "name__exact",
        "account_id__exact",
        "external_id__exact",
        "tenant__slug__exact",
    ]
    search_help_text = _(
        "A whole name, a template's or an account's id at its provider, or a tenant's slug."
    )
    fieldsets = [
        (None, {"fields": ["name", "language", "tenant", "kind", "account_id", "external_id"]}),
        (
            _("Standing"),
            {
                "fields": [
                    "status",
                    "rejected_reason",
                    "category",
                    "quality",
                    "changed_at",
                    "synced_at",
                ]
            },
        ),
        (_("Text"), {"fields": ["parameter_format", "parts"]}),
    ]
    readonly_fields = ["parts"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MessageTemplate], search_term: str
    ) -> tuple[QuerySet[MessageTemplate], bool]:
        """Find a name by its own index, which is in the order of the list; many have the same."""
        named = queryset.filter(name=search_term.strip())
        if named.exists():
            return named, False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("as people see it"))
    def parts(self, template: MessageTemplate) -> SafeString:
        return render_to_string(
            "admin/channels/messagetemplate/parts.html", {"components": template.components}
        )

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, template: MessageTemplate) -> SafeString:
        return isolated(template.name)

    @admin.display(description=_("status"), ordering="status")
    def state(self, template: MessageTemplate) -> SafeString | str:
        words = template.status.replace("_", " ")
        return badge(words, TONES.get(template.status, PLAIN)) if words else ""

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed(self, template: MessageTemplate) -> SafeString | str:
        return times.ago(template.changed_at)

    @admin.display(description=_("fetched"), ordering="synced_at")
    def synced(self, template: MessageTemplate) -> SafeString | str:
        return times.ago(template.synced_at)
