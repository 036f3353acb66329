"""Messages, one by one: what was said, tried and reported."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_app.admin.channel_of_tenant import ChannelFilter
from messaging import next_steps
from messaging.admin import people
from messaging.admin.inlines import HistoryInline
from messaging.admin.lists import of_messages
from messaging.admin.lists.searching import Meaning, Typed
from messaging.admin.orders.messages import MessageOrders
from messaging.admin.thread_page.names import Named, named
from messaging.admin.thread_page.pending import as_pending
from messaging.conversations.pending import pending_to
from messaging.models import Attempt, Conversation, Message, MessageStatus, Resend, Settlement
from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge, isolated
from tenants.admin.lists.tenant_filter import TenantFilter

TONES = {
    **dict.fromkeys(("failed", "expired", "cancelled"), BAD),
    **dict.fromkeys(("unknown", "held"), WAITS),
    **dict.fromkeys(("accepted", "sent", "delivered", "read", "played"), GOOD),
}
WAYS: dict[str, Any] = {
    Message.Direction.INBOUND: pgettext_lazy("way of a message", "in"),
    Message.Direction.OUTBOUND: pgettext_lazy("way of a message", "out"),
}


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

    @admin.display(description=_("price category"))
    def price(self, status: MessageStatus) -> str:
        words = ((status.pricing or {}).get(word) for word in ("category", "type"))
        return " ".join(word for word in words if isinstance(word, str))


@admin.register(Message)
class MessageAdmin(Named, MessageOrders):
    holds_texts = True
    list_display = [
        *("who", "short_error", "state", "beginning", "created", "way", "channel_shown", "tenant"),
        "kind",
    ]
    list_select_related = ["tenant", "channel", "conversation__contact"]
    list_filter = [
        TenantFilter,
        ChannelFilter,
        of_messages.AttentionFilter,
        of_messages.NotAnsweredFilter,
        "direction",
        ("status", of_messages.StatusFilter),
    ]
    change_list = of_messages.MessageChangeList
    found_by_index = frozenset({TenantFilter.parameter_name, "attention"})
    search_help_text = of_messages.HELP
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
            _("What became of it"),
            {"fields": ["state", "error", "error_code", "not_answered_because", "next_step"]},
        ),
        (
            _("Where from, where to"),
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
            _("When"),
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
        (_("As it came"), {"fields": ["raw"], "classes": ["collapse"]}),
    ]
    inlines = [AttemptInline, ResendInline, SettlementInline, StatusInline]
    actions = ["send_again", "arrived", "did_not_arrive"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return people.with_id_shown(
            super().get_queryset(request), contact__conversations="conversation"
        )

    def meaning_of(self, request: HttpRequest, typed: Typed) -> Meaning:
        return of_messages.meaning_of(request, typed)

    def in_words(self, row: Any) -> str:
        number, name = people.words_of(row.shown_id, row.conversation.contact)
        return f"{number} {name}: {row.get_status_display()}, {self.beginning(row) or row.kind}"

    @admin.display(description=_("created"))
    def created(self, message: Message) -> SafeString | str:
        return times.ago(message.created_at)

    @admin.display(description=_("way"))
    def way(self, message: Message) -> str:
        return str(WAYS[message.direction])

    @admin.display(description=_("with"))
    def who(self, message: Any) -> SafeString | str:
        return people.who(message.shown_id, message.conversation.contact)

    @admin.display(description=_("channel"))
    def channel_shown(self, message: Message) -> SafeString:
        return isolated(message.channel.name or message.channel.number)

    @admin.display(description=_("conversation"))
    def conversation_link(self, message: Any) -> SafeString:
        address = reverse("admin:messaging_conversation_change", args=[message.conversation_id])
        words = named(message.conversation, message.shown_id)
        return format_html('<a href="{0}?at={1}#m-{1}">{2}</a>', address, message.id, words)

    def conversation_of(self, row: Any) -> Conversation:
        conversation: Conversation = row.conversation
        return conversation

    @admin.display(description=_("status"))
    def state(self, message: Message) -> SafeString:
        return badge(message.get_status_display(), TONES.get(message.status, PLAIN))

    @admin.display(description=_("not answered because"))
    def not_answered_because(self, message: Message) -> str:
        if reply := pending_to(message):
            pending = as_pending(reply)
            return f"{pending.told} {pending.next_step}"
        return message.get_unanswered_display() or self.get_empty_value_display()

    @admin.display(description=_("next step"))
    def next_step(self, message: Message) -> str:
        return next_steps.next_step(message) or self.get_empty_value_display()

    @admin.display(description=_("error"))
    def short_error(self, message: Message) -> str:
        return Truncator(message.error).chars(60)

    @admin.display(description=_("text"))
    def beginning(self, message: Message) -> str:
        return Truncator(message.preview or message.text).chars(80)
