"""Messages, one by one: what was said, tried and reported."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from messaging.admin.inlines import HistoryInline
from messaging.models import Attempt, Message, MessageStatus, Resend
from tenants.admin import HistoryAdmin

WHOSE = ("tenant", "channel", "conversation")
WAYS = ("external_id", "in_reply_to", "recipient", "quoted_external_id", "target_external_id", "forwarded", "referral")


class AttentionFilter(admin.SimpleListFilter):
    """Without asking the table for its distinct values."""

    title = "attention"
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Needs attention"), ("twice", "Sent twice")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = {"yes": {"needs_attention": True}, "twice": {"sent_twice_at__isnull": False}}
        return queryset.filter(**wanted.get(self.value() or "", {}))


class AttemptInline(HistoryInline):
    model = Attempt
    fields = ["number", "started_at", "ended_at", "outcome", "http_status", "error_code", "error"]
    ordering = ["number"]


class ResendInline(HistoryInline):
    model = Resend
    fields = ["ordered_at", "ordered_by", "status_before"]
    ordering = ["ordered_at"]


class StatusInline(HistoryInline):
    model = MessageStatus
    fields = ["occurred_at", "status", "participant", "price", "conversation_origin", "error_code", "error"]
    readonly_fields = ["price"]
    ordering = ["occurred_at", "recorded_at"]

    @admin.display(description="price category")
    def price(self, status: MessageStatus) -> str:
        told = ((status.pricing or {}).get(word) for word in ("category", "type"))
        return " ".join(word for word in told if isinstance(word, str))


@admin.register(Message)
class MessageAdmin(HistoryAdmin):
    list_display = ["created_at", "tenant", "channel", "direction", "kind", "status", "beginning", "error"]
    list_select_related = ["tenant", "channel"]
    list_filter = [AttentionFilter, "direction", "status"]
    search_fields = ["external_id__exact", "tenant__slug__exact"]
    search_help_text = "A whole message id of the provider, or a tenant's slug."
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "tenant",
                    "channel",
                    "conversation",
                    "direction",
                    "origin",
                    "kind",
                    "text",
                    "status",
                    "error",
                    "error_code",
                ]
            },
        ),
        (
            "Where from, where to",
            {
                "fields": [
                    "external_id",
                    "in_reply_to",
                    "recipient",
                    "quoted_external_id",
                    "target_external_id",
                    "forwarded",
                    "referral",
                    "delivery_id",
                    "id",
                ]
            },
        ),
        ("When", {"fields": ["created_at", "due_at", "expires_at", "sent_at", "sent_twice_at", "attempts", "seq"]}),
        ("As it came", {"fields": ["raw"], "classes": ["collapse"]}),
    ]
    inlines = [AttemptInline, ResendInline, StatusInline]
    actions = ["send_again"]

    @admin.action(description="Send again what failed, expired or is unknown (it may arrive twice)", permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        count = Resend.objects.order(queryset.values_list("id", flat=True), by=request.user.get_username())
        self.message_user(request, f"{count} of {len(queryset)} selected messages leave again.", messages.SUCCESS)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.add_resend")

    @admin.display(description="text")
    def beginning(self, message: Message) -> str:
        return Truncator(message.preview or message.text).chars(80)
