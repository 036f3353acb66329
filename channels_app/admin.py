from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from channels_app.forms import ChannelForm
from channels_app.models import Channel
from tenants.admin import PlatformAdmin


@admin.register(Channel)
class ChannelAdmin(PlatformAdmin):
    """A channel stays with its tenant and its number: another owner is another channel."""

    form = ChannelForm
    list_display = ["__str__", "tenant", "kind", "external_id", "status", "has_token", "connected_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["tenant"]
    search_fields = ["external_id__exact", "account_id__exact", "tenant__slug"]
    autocomplete_fields = ["tenant"]
    readonly_fields = ["id", "has_token", "status_reason", "connected_at", "created_at"]
    fields = [
        *["tenant", "kind", "external_id", "account_id", "name", "status", "status_reason", "access_token", "has_token"],
        *["auto_reply", "messages_per_second", "id", "connected_at", "created_at"],
    ]

    @admin.display(boolean=True, description="token")
    def has_token(self, channel: Channel) -> bool:
        return bool(channel.credentials)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["tenant", "kind", "external_id"] if obj else []
        return [*fixed, *self.readonly_fields]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        if obj.status == Channel.Status.LIVE and (not change or {"status", "access_token"} & set(form.changed_data)):
            obj.connected_at, obj.status_reason = datetime.now(UTC), ""
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
