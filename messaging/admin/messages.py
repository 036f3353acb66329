"""Messages, one by one: what was said, tried and reported."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from messaging import next_steps
from messaging.admin import people
from messaging.admin.inlines import HistoryInline
from messaging.admin.orders.messages import MessageOrders
from messaging.models import Attempt, Message, MessageStatus, Resend, Settlement
from messaging.models.unanswered import Unanswered
from messaging.tracing import identifiers
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge, whole
from tenants.admin.filters import WordFilter

TONES = {
    **dict.fromkeys(("failed", "expired", "cancelled"), BAD),
    **dict.fromkeys(("unknown", "held"), WAITS),
    **dict.fromkeys(("accepted", "sent", "delivered", "read", "played"), GOOD),
}


class AttentionFilter(WordFilter):
    title = "attention"
    parameter_name = "attention"
    words: ClassVar = {
        "yes": ("Needs attention", Q(needs_attention=True)),
        "twice": ("Sent twice", Q(sent_twice_at__isnull=False)),
    }


class NotAnsweredFilter(admin.SimpleListFilter):
    title = "automatic reply"
    parameter_name = "unanswered"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Not answered, whatever the reason"), *Unanswered.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == "yes":
            return queryset.exclude(unanswered="")
        return (
            queryset.filter(unanswered=self.value())
            if self.value() in Unanswered.values
            else queryset
        )


class AttemptInline(HistoryInline):
    model = Attempt
    fields = ["number", "started_at", "ended_at", "outcome", "http_status", "error_code", "error"]
    ordering = ["number"]


class ResendInline(HistoryInline):
    model = Resend
    fields = ["ordered_at", "ordered_by", "status_before"]
    ordering = ["ordered_at"]


class SettlementInline(HistoryInline):
    model = Settlement
    fields = ["ordered_at", "ordered_by", "status"]
    ordering = ["ordered_at"]


class StatusInline(HistoryInline):
    model = MessageStatus
    fields = [
        "occurred_at",
        "status",
        "participant",
        "price",
        "conversation_origin",
        "error_code",
        "error",
    ]
    readonly_fields = ["price"]
    ordering = ["occurred_at", "recorded_at"]

    @admin.display(description="price category")
    def price(self, status: MessageStatus) -> str:
        words = ((status.pricing or {}).get(word) for word in ("category", "type"))
        return " ".join(word for word in words if isinstance(word, str))


@admin.register(Message)
class MessageAdmin(MessageOrders):
    list_display = ["created", "tenant", "who", "way", "kind", "state", "short_error", "beginning"]
    list_select_related = ["tenant", "conversation__contact"]
    list_filter = [AttentionFilter, NotAnsweredFilter, "direction", "status"]
    search_help_text = (
        "A phone number, or its beginning or end; any other whole id of the contact; a whole"
        " message id, ours or the provider's; or a tenant's slug."
    )
    readonly_fields = ["conversation_link", "state", "not_answered_because", "next_step"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "tenant",
                    "channel",
                    "conversation_link",
                    "direction",
                    "origin",
                    "kind",
                    "text",
                ]
            },
        ),
        (
            "What became of it",
            {"fields": ["state", "error", "error_code", "not_answered_because", "next_step"]},
        ),
        (
            "Where from, where to",
            {
                "fields": [
                    *(
                        "external_id",
                        "in_reply_to",
                        "recipient",
                        "quoted_external_id",
                        "target_external_id",
                    ),
                    *("forwarded", "referral", "delivery_id", "id"),
                ]
            },
        ),
        (
            "When",
            {
                "fields": [
                    "created_at",
                    "due_at",
                    "expires_at",
                    "sent_at",
                    "sent_twice_at",
                    "attempts",
                    "seq",
                ]
            },
        ),
        ("As it came", {"fields": ["raw"], "classes": ["collapse"]}),
    ]
    inlines = [AttemptInline, ResendInline, SettlementInline, StatusInline]
    actions = ["send_again", "arrived", "did_not_arrive"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return people.with_id_shown(
            super().get_queryset(request), contact__conversations="conversation"
        )

    def meant(self, request: HttpRequest, term: str) -> Q:
        if ids := identifiers.message_ids_at_provider(term):
            return Q(id__in=ids)
        found = people.conversations_of(request, people.people_of_ids(request, term))
        return people.itself(term) | identifiers.owned(found, "conversation_id")

    def in_words(self, row: Any) -> str:
        number, name = people.words_of(row.shown_id, row.conversation.contact)
        return f"{number} {name}: {row.get_status_display()}, {self.beginning(row) or row.kind}"

    @admin.display(description="created", ordering="created_at")
    def created(self, message: Message) -> SafeString:
        return whole(*f"{timezone.localtime(message.created_at):%Y-%m-%d %H:%M:%S}".split())

    @admin.display(description="way", ordering="direction")
    def way(self, message: Message) -> str:
        return "in" if message.direction == Message.Direction.INBOUND else "out"

    @admin.display(description="with")
    def who(self, message: Any) -> SafeString | str:
        return people.who(message.shown_id, message.conversation.contact)

    @admin.display(description="conversation")
    def conversation_link(self, message: Any) -> SafeString:
        address = reverse("admin:messaging_conversation_change", args=[message.conversation_id])
        return format_html('<a href="{}">{}</a>', address, self.who(message))

    @admin.display(description="status", ordering="status")
    def state(self, message: Message) -> SafeString:
        return badge(message.get_status_display(), TONES.get(message.status, PLAIN))

    @admin.display(description="not answered because")
    def not_answered_because(self, message: Message) -> str:
        return message.get_unanswered_display() or self.get_empty_value_display()

    @admin.display(description="next step")
    def next_step(self, message: Message) -> str:
        return next_steps.next_step(message) or self.get_empty_value_display()

    @admin.display(description="error")
    def short_error(self, message: Message) -> str:
        return Truncator(message.error).chars(60)

    @admin.display(description="text")
    def beginning(self, message: Message) -> str:
        return Truncator(message.preview or message.text).chars(80)
