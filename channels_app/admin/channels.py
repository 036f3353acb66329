"""A channel: what staff may set, and what its provider says of it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from channels_app import checking, tasks, templates
from channels_app.forms import ChannelForm
from channels_app.models import Channel, Notice
from channels_app.models.channel import SENDING
from tenants.admin import PlatformAdmin


class CheckFilter(admin.SimpleListFilter):
    title = "last check"
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("wrong", "Something is to be repaired"), ("right", "Everything is right"), ("none", "Not checked yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Channel]) -> QuerySet[Channel]:
        is_right = Q(health__check__value=checking.RIGHT)
        is_checked = Q(health__has_key=checking.CHECK)
        wanted = {"wrong": is_checked & ~is_right, "right": is_right, "none": ~is_checked}
        return queryset.filter(wanted[self.value() or ""]) if self.value() in wanted else queryset


@admin.register(Channel)
class ChannelAdmin(PlatformAdmin):
    """A channel stays with its tenant and its number: another owner is another channel."""

    form = ChannelForm
    list_display = ["__str__", "tenant", "kind", "external_id", "phone_number", "status", "has_token", "connected_at"]
    list_filter = ["status", CheckFilter, "kind"]
    list_select_related = ["tenant"]
    search_fields = ["external_id__exact", "account_id__exact", "phone_number__exact", "tenant__slug"]
    autocomplete_fields = ["tenant"]
    readonly_fields = [
        "id",
        "has_token",
        "status_reason",
        "recovers_by",
        "parked_at",
        "phone_number",
        "token_expires_at",
        "connected_at",
        "created_at",
        "reported",
        "history",
    ]
    fieldsets = [
        (None, {"fields": ["tenant", "kind", "external_id", "account_id", "phone_number", "name"]}),
        (
            "Connection",
            {
                "fields": [
                    *("status", "status_reason", "recovers_by", "parked_at"),
                    *("access_token", "has_token", "token_expires_at", "connected_at"),
                ]
            },
        ),
        ("Messages", {"fields": ["auto_reply", "messages_per_second"]}),
        ("What the provider says", {"fields": ["reported", "history"]}),
        ("This row", {"fields": ["id", "created_at"], "classes": ["collapse"]}),
    ]
    actions = ["check_connection", "fetch_templates", "disconnect"]

    @admin.action(description="Check the connection", permissions=["change"])
    def check_connection(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        chosen = list(queryset.filter(id__in=checking.to_be_checked().values("id")))
        tasks.check_soon(chosen)
        self.message_user(request, f"{len(chosen)} channels are being checked: see their health in a moment.", messages.SUCCESS)

    @admin.action(description="Disconnect: nothing comes or leaves any more", permissions=["change"])
    def disconnect(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        count = sum(tasks.disconnect(each, by=request.user.get_username()) for each in queryset.order_by("id"))
        self.message_user(request, f"{count} channels were disconnected. What was written on them stays.", messages.SUCCESS)

    @admin.display(boolean=True, description="token")
    def has_token(self, channel: Channel) -> bool:
        return bool(channel.credentials)

    @admin.display(description="health")
    def reported(self, channel: Channel) -> SafeString:
        told = [
            {"word": word.replace("_", " "), "value": known["value"], "since": datetime.fromisoformat(known["at"])}
            for word, known in sorted(channel.health.items())
            if word != SENDING
        ]
        return render_to_string("admin/channels/channel/health.html", {"health": told})

    @admin.display(description="history")
    def history(self, channel: Channel) -> SafeString:
        newest = Notice.objects.newest_of(channel) if channel.created_at else []
        return render_to_string("admin/channels/channel/notices.html", {"notices": newest})

    @admin.action(description="Fetch the message templates of their accounts", permissions=["change"])
    def fetch_templates(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        asked = templates.one_channel_an_account(queryset)
        tasks.fetch_templates_soon(asked)
        self.message_user(request, f"The templates of {len(asked)} accounts are being fetched.", messages.SUCCESS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["tenant", "kind", "external_id"] if obj else []
        return [*fixed, *self.readonly_fields]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:3]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        if obj.status == Channel.Status.LIVE and (not change or {"status", "access_token"} & set(form.changed_data)):
            obj.go_live()
        elif obj.status in Channel.PARKED and "status" in form.changed_data:  # a check undoes nothing that staff decided
            obj.recovers_by, obj.parked_at = Channel.Recovery.RECONNECT, datetime.now(UTC)
        obj.save_settings()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
