"""What a conversation is called wherever people look: "Ada, Acme main number"."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from messaging.admin import people
from messaging.models import Conversation


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
