"""The message templates of business accounts, as their provider tells of them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from channels_app.models import MessageTemplate
from channels_app.models.template import APPROVED
from tenants.admin import HistoryAdmin
from tenants.admin.lists.tenant_filter import TenantFilter


class SendableFilter(admin.SimpleListFilter):
    """Without asking the table for its distinct values."""

    title = "can be sent"
    parameter_name = "sendable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

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
        "name",
        "language",
        "tenant",
        "account_id",
        "category",
        "status",
        "quality",
        "changed_at",
        "synced_at",
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
    search_help_text = (
        "A whole name, a template's or an account's id at its provider, or a tenant's slug."
    )
    fieldsets = [
        (None, {"fields": ["name", "language", "tenant", "kind", "account_id", "external_id"]}),
        (
            "Standing",
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
        ("Text", {"fields": ["parameter_format", "parts"]}),
    ]
    readonly_fields = ["parts"]

    @admin.display(description="as people see it")
    def parts(self, template: MessageTemplate) -> SafeString:
        return render_to_string(
            "admin/channels/messagetemplate/parts.html", {"components": template.components}
        )
