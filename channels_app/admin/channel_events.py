"""What providers report of accounts and channels, the newest first."""

from django.contrib import admin

from channels_app.models import ChannelEvent
from tenants.admin import HistoryAdmin
from tenants.admin.lists.tenant_filter import TenantFilter


@admin.register(ChannelEvent)
class ChannelEventAdmin(HistoryAdmin):
    list_display = ["occurred_at", "tenant", "severity", "summary"]
    list_display_links = ["occurred_at", "summary"]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter, "severity"]
    found_by_index = frozenset({TenantFilter.parameter_name})
    search_fields = ["account_id__exact", "tenant__slug__exact", "channel__external_id__exact"]
    search_help_text = (
        "A business account's or a channel's whole id at its provider, or a tenant's slug."
    )
    fields = [
        "tenant",
        "channel",
        "provider",
        "account_id",
        "severity",
        "summary",
        "kind",
        "occurred_at",
        "recorded_at",
    ]
