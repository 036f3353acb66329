"""What providers report of accounts and channels, the newest first."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_app.models import ChannelEvent
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import BAD, PLAIN, WAITS, badge, isolated
from tenants.admin.lists.tenant_filter import TenantFilter

Severity = ChannelEvent.Severity
TONES: dict[str, str] = {Severity.INFO: PLAIN, Severity.WARNING: WAITS, Severity.CRITICAL: BAD}


@admin.register(ChannelEvent)
class ChannelEventAdmin(HistoryAdmin):
    list_display = ["occurred", "tenant", "how_bad", "what"]
    list_display_links = ["occurred", "what"]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter, "severity"]
    found_by_index = frozenset({TenantFilter.parameter_name})
    searched_by_index = False
    search_fields = ["account_id__exact", "tenant__slug__exact", "channel__external_id__exact"]
    search_help_text = _(
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

    @admin.display(description=_("occurred"), ordering="occurred_at")
    def occurred(self, event: ChannelEvent) -> SafeString | str:
        return times.ago(event.occurred_at)

    @admin.display(description=_("severity"), ordering="severity")
    def how_bad(self, event: ChannelEvent) -> SafeString:
        return badge(event.get_severity_display(), TONES[event.severity])

    @admin.display(description=_("summary"))
    def what(self, event: ChannelEvent) -> SafeString:
        return isolated(event.summary)
