"""A conversation, to be read as its two sides see it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from messaging.admin import people
from messaging.admin.orders.conversations import STATES, ConversationOrders
from messaging.admin.thread_pages import ThreadTold
from messaging.admin.threads import ACTIONS
from messaging.conversations.thread import thread
from messaging.models import Conversation
from messaging.tracing import identifiers
from tenants.admin.badges import isolated

THREAD_LENGTH = 100

TOLD = ["owner_now", "owners", "orders"]  # of a shared channel's threads


@admin.register(Conversation)
class ConversationAdmin(ThreadTold, ConversationOrders):
    list_display = [
        "who",
        "tenant",
        "channel_shown",
        "status",
        "last_message_at",
        "window_closes_at",
    ]
    list_select_related = ["tenant", "channel", "contact"]
    list_filter = ["status"]
    search_help_text = people.HELP
    ordering = ["-last_message_at"]
    fields = [
        "thread",
        "tenant",
        "channel",
        "contact_link",
        "status",
        "window_closes_at",
        "last_message_at",
        "id",
    ]
    readonly_fields = ["thread", "contact_link", *TOLD]
    actions = ["mark_read", *STATES, *ACTIONS]

    class Media:
        css = {"all": ["messaging/thread.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return people.with_id_shown(super().get_queryset(request), contact="contact")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        messages, *others = self.fields
        owner, *history = TOLD
        return [owner, messages, *history, *others] if obj and obj.owner else self.fields

    def meant(self, request: HttpRequest, term: str) -> Q:
        found = people.people_of_ids(request, term) | people.people_of_names(request, term)
        return people.itself(term) | identifiers.owned(found, "contact_id")

    @admin.display(description="contact", ordering="contact__name")
    def who(self, conversation: Any) -> SafeString | str:
        return people.who(conversation.shown_id, conversation.contact)

    @admin.display(description="contact")
    def contact_link(self, conversation: Any) -> SafeString:
        address = reverse("admin:messaging_contact_change", args=[conversation.contact_id])
        return format_html('<a href="{}">{}</a>', address, self.who(conversation))

    def in_words(self, row: Any) -> str:
        return " ".join(people.words_of(row.shown_id, row.contact))

    @admin.display(description="channel", ordering="channel")
    def channel_shown(self, conversation: Conversation) -> SafeString:
        return isolated(conversation.channel.number, conversation.channel.name)

    @admin.display(description="messages")
    def thread(self, conversation: Conversation) -> SafeString:
        shown, has_earlier = thread(conversation, THREAD_LENGTH)
        context = {"thread": shown, "has_earlier": has_earlier}
        return render_to_string("admin/messaging/conversation/thread.html", context)
