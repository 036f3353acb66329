"""Validation of a message before it is queued: a sentence for each reason why it cannot be sent. In
the caller's scope.
"""

from typing import Any

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content, Reaction, Template, Unsendable, files_of
from channels_app.events import Ids
from channels_app.models import Channel
from channels_app.storable import UNWRITABLE
from messaging.conversations.thread import CHANGES
from messaging.models import Conversation, Media, Message

WAITING_AT_MOST = 100  # messages of one conversation


def composed(provider: providers.Provider, content: Content) -> tuple[dict[str, Any], list[str]]:
    try:
        return provider.compose(content), []
    except Unsendable as refusal:
        return {}, list(refusal.faults)


def of_files(conversation: Conversation, content: Content) -> list[str]:
    """Of the files that we keep, a message waits for one to be uploaded."""
    ids = {file.id for file in files_of(content)}
    kept = (
        Media.objects.filter(
            tenant=conversation.tenant_id, id__in=ids, status=Media.Status.STORED
        ).count()
        if ids
        else 0
    )
    found = {
        "The message has more than one file of ours: name the others by an id or a link.": len(ids)
        > 1,
        "The file is not kept here: store it first.": kept < len(ids),
    }
    return [sentence for sentence, applies in found.items() if applies]


def of_aims(conversation: Conversation, content: Content, quoting: str) -> list[str]:
    """What is answered or reacted to must be a message that this conversation shows."""
    reacted_to = content.message_external_id if isinstance(content, Reaction) else ""
    aims = {"answered": quoting, "reacted to": reacted_to}
    return [
        f"The message to be {what} is none of this conversation."
        for what, external_id in aims.items()
        if external_id and not shows(conversation, external_id)
    ]


def shows(conversation: Conversation, external_id: str) -> bool:
    of_channel = conversation.messages.filter(channel=conversation.channel_id)
    return (
        not UNWRITABLE.search(external_id)
        and of_channel.filter(external_id=external_id).exclude(kind__in=CHANGES).exists()
    )


def in_conversation(
    conversation: Conversation, content: Content, ids: Ids, *, is_marketing: bool
) -> list[str]:
    """What stands against any message, or against this one, in this conversation now; `ids`: where
    it may go.
    """
    contact, channel, now = conversation.contact, conversation.channel, timezone.now()
    is_group = bool(conversation.group_external_id)
    is_open = conversation.window_closes_at is not None and conversation.window_closes_at > now
    needs_window = not (is_group or isinstance(content, Template))
    waiting = Message.objects.filter(conversation=conversation, due_at__isnull=False).count()
    found = [
        (
            channel.status == Channel.Status.DISCONNECTED,
            "The channel is disconnected: connect it again to write.",
        ),
        (is_group, "It was written in a group, which cannot be answered yet."),
        (contact.blocked_at is not None, "The contact is blocked: unblock them to write."),
        (
            is_marketing and contact.marketing_opted_out_at is not None,
            "The contact wants no marketing.",
        ),
        (
            needs_window and not is_open,
            "The contact wrote more than 24 hours ago, or never: only a template may be sent.",
        ),
        (
            waiting >= WAITING_AT_MOST,
            f"{waiting} messages of this conversation wait to be sent;"
            f" {WAITING_AT_MOST} is the most.",
        ),
        (not ids, "The contact has no address to write to."),
    ]
    return [sentence for applies, sentence in found if applies]
