"""A conversation, to be read as its two sides see it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.admin.channel_of_tenant import ChannelFilter
from messaging.admin import people
from messaging.admin.lists.of_conversations import (
    AnsweringFilter,
    ConversationChangeList,
    WindowFilter,
)
from messaging.admin.lists.searching import Meaning, Typed, itself
from messaging.admin.orders.conversations import STATES, ConversationOrders
from messaging.admin.thread_page.owner import ThreadTold
from messaging.admin.thread_page.page import ThreadShown
from messaging.admin.threads import ACTIONS
from messaging.models import Conversation
from messaging.models.answering import Answering
from tenants.admin import times
from tenants.admin.badges import GOOD, PLAIN, WAITS, badge, isolated
from tenants.admin.lists.tenant_filter import TenantFilter

TONES = {Answering.AUTOMATION: PLAIN, Answering.WAITING: WAITS, Answering.PERSON: GOOD}
TOLD = ["owner_now", "owners", "orders"]  # of a shared channel's threads


@admin.register(Conversation)
class ConversationAdmin(ThreadShown, ThreadTold, ConversationOrders):
    holds_texts = True
    list_display = [
        "who",
        "status",
        "channel_shown",
        "tenant",
        "last_message",
        "window",
    ]
    list_select_related = ["tenant", "channel", "contact"]
    list_filter = [TenantFilter, ChannelFilter, "status", WindowFilter, AnsweringFilter]
    change_list = ConversationChangeList
    search_help_text = people.HELP
    ordering = ["-last_message_at"]
    fields = [
        "thread",
        "tenant",
        "channel",
        "contact_link",
        "status",
        "answering",
        "window_closes_at",
        "last_message_at",
        "id",
    ]
    readonly_fields = ["thread", "contact_link", "answering", *TOLD]
    actions = ["mark_read", *STATES, *ACTIONS]

    class Media:
        css = {"all": ["messaging/thread.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return people.with_id_shown(super().get_queryset(request), contact="contact")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields, the most pressing first: who has a shared thread, and that a person is
        waited for.
        """
        messages, *others = self.fields
        owner, *history = TOLD
        shown = [owner, messages, *history, *others] if obj and obj.owner else [*self.fields]
        if obj and obj.answering_at(timezone.now()) == Answering.WAITING:
            shown.remove("answering")
            shown.insert(0, "answering")
        return shown

    def meaning_of(self, request: HttpRequest, typed: Typed) -> Meaning:
        if (row := itself(typed.words)) is not None:
            return Meaning(row)
        found = people.people_of_ids(request, typed) | people.people_of_names(request, typed)
        theirs = [id for _tenant_id, id in people.conversations_of(request, found)]
        return Meaning(Q(id__in=theirs))

    @admin.display(description=_("contact"))
    def who(self, conversation: Any) -> SafeString | str:
        return people.who(conversation.shown_id, conversation.contact)

    @admin.display(description=_("contact"))
    def contact_link(self, conversation: Any) -> SafeString:
        address = reverse("admin:messaging_contact_change", args=[conversation.contact_id])
        return format_html('<a href="{}">{}</a>', address, self.who(conversation))

    def in_words(self, row: Any) -> str:
        return " ".join(people.words_of(row.shown_id, row.contact))

    @admin.display(description=_("channel"))
    def channel_shown(self, conversation: Conversation) -> SafeString:
        return isolated(conversation.channel.number, conversation.channel.name)

    @admin.display(description=_("who answers"))
    def answering(self, conversation: Conversation) -> SafeString:
        answering = conversation.answering_at(timezone.now())
        shown = badge(answering.label, TONES[answering])
        if answering != Answering.WAITING:
            return shown
        why = conversation.get_waiting_because_display()
        since = format_html(gettext("since {at}."), at=times.moment(conversation.waiting_since))
        return format_html("{} {} {} {}", shown, since, why, isolated(conversation.waiting_note))

    @admin.display(description=_("last message"))
    def last_message(self, conversation: Conversation) -> SafeString | str:
        return times.ago(conversation.last_message_at)

    @admin.display(description=_("window closes"))
    def window(self, conversation: Conversation) -> SafeString | str:
        return times.ago(conversation.window_closes_at)
