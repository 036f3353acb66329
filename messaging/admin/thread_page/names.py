"""What a conversation is called wherever people look: "Ada, Acme main number"."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from messaging.admin import people
from messaging.models import Conversation
from tenants.admin.base import PlatformAdmin


def names_of(conversation: Conversation, shown_id: str | None) -> tuple[str, str]:
    """Return what its contact and its channel are called. `shown_id`: the id that the contact is
    shown by.
    """
    number, name = people.words_of(shown_id, conversation.contact)
    channel = conversation.channel
    return name or number or str(conversation.contact), channel.name or channel.number


def named(conversation: Conversation, shown_id: str | None) -> SafeString:
    """Return both names, each isolated from the direction of the other."""
    return format_html("<bdi>{}</bdi>, <bdi>{}</bdi>", *names_of(conversation, shown_id))


def in_plain_text(name: str) -> str:
    """Return the name between the characters that isolate its direction, where no markup can."""
    return f"\u2068{name}\u2069"


class Named(PlatformAdmin):
    """Pages of rows that belong to a conversation, under its names."""

    def conversation_of(self, row: Any) -> Conversation:
        """Return the conversation of a row, or the row itself where it is one."""
        conversation: Conversation = row
        return conversation

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if row := context.get("original"):
            conversation = self.conversation_of(row)
            context |= {
                "title": ", ".join(map(in_plain_text, names_of(conversation, row.shown_id))),
                "subtitle": None,
                "named": named(conversation, row.shown_id),
            }
        return super().render_change_form(request, context, *args, **kwargs)
