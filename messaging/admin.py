"""What came and what went, to be read by platform staff."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from messaging.models import (
    Attempt,
    Contact,
    ContactIdentity,
    Conversation,
    DeadLetter,
    Message,
    MessageStatus,
    Resend,
    WebhookDelivery,
)
from messaging.threads import thread
from tenants.admin import HistoryAdmin

THREAD_LENGTH = 100
BODY_SHOWN = 20_000


class IdentityInline(admin.TabularInline):
    model = ContactIdentity
    fields = ["kind", "value"]
    extra = 0
    can_delete = False


@admin.register(Contact)
class ContactAdmin(HistoryAdmin):
    list_display = ["name", "tenant", "created_at"]
    list_select_related = ["tenant"]
    search_fields = ["identities__value__exact", "tenant__slug__exact"]
    search_help_text = "A whole WhatsApp id, BSUID or phone number, or a tenant's slug."
    fields = ["tenant", "name", "created_at", "id"]
    inlines = [IdentityInline]


@admin.register(Conversation)
class ConversationAdmin(HistoryAdmin):
    list_display = ["contact_name", "tenant", "channel", "status", "last_message_at", "window_closes_at"]
    list_select_related = ["tenant", "channel", "contact"]
    list_filter = ["status"]
    search_fields = ["contact__identities__value__exact", "tenant__slug__exact"]
    search_help_text = "A contact's whole WhatsApp id, BSUID or phone number, or a tenant's slug."
    ordering = ["-last_message_at"]
    fields = ["thread", "tenant", "channel", "contact", "status", "window_closes_at", "last_message_at", "id"]
    readonly_fields = ["thread"]

    @admin.display(description="contact", ordering="contact__name")
    def contact_name(self, conversation: Conversation) -> str:
        return str(conversation.contact)

    @admin.display(description="messages")
    def thread(self, conversation: Conversation) -> SafeString:
        shown, has_earlier = thread(conversation, THREAD_LENGTH)
        context = {"thread": shown, "has_earlier": has_earlier}
        return render_to_string("admin/messaging/conversation/thread.html", context)


class AttentionFilter(admin.SimpleListFilter):
    """Without asking the table for its distinct values."""

    title = "attention"
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Needs attention"), ("twice", "Sent twice")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = {"yes": {"needs_attention": True}, "twice": {"sent_twice_at__isnull": False}}
        return queryset.filter(**wanted.get(self.value() or "", {}))


class HistoryInline(admin.TabularInline):
    """Rows that belong to the row shown, to be read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    fields = ["occurred_at", "status", "participant", "error_code", "error"]
    ordering = ["occurred_at", "recorded_at"]


@admin.register(Message)
class MessageAdmin(HistoryAdmin):
    list_display = ["created_at", "tenant", "channel", "direction", "kind", "status", "beginning", "error"]
    list_select_related = ["tenant", "channel"]
    list_filter = [AttentionFilter, "direction", "status"]
    search_fields = ["external_id__exact", "tenant__slug__exact"]
    search_help_text = "A whole message id of the provider, or a tenant's slug."
    fieldsets = [
        (None, {"fields": ["tenant", "channel", "conversation", "direction", "kind", "text", "status", "error", "error_code"]}),
        ("Where from, where to", {"fields": ["external_id", "in_reply_to", "recipient", "delivery_id", "id"]}),
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
        return Truncator(message.text).chars(80)


class DeadLetterInline(admin.TabularInline):
    model = DeadLetter
    fields = ["position", "cause", "reason", "channel_external_id", "item"]
    extra = 0
    can_delete = False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(HistoryAdmin):
    list_display = ["received_at", "kind", "processed_at", "attempts", "error"]
    list_filter = ["kind", ("processed_at", admin.EmptyFieldListFilter), ("error", admin.EmptyFieldListFilter)]
    fields = ["id", "kind", "received_at", "processed_at", "due_at", "attempts", "error", "content"]
    readonly_fields = ["content"]
    inlines = [DeadLetterInline]
    actions = ["process_again"]

    @admin.action(description="Process again (what is recorded already is recognised)", permissions=["replay"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        count = WebhookDelivery.objects.replay(list(queryset.values_list("id", flat=True)))
        self.message_user(request, f"{count} deliveries are processed again.", messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookdelivery")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).defer("body")

    @admin.display(description="body")
    def content(self, delivery: WebhookDelivery) -> str:
        return bytes(delivery.body[:BODY_SHOWN]).decode("utf-8", "replace")
