"""Validation of a message before it is queued: a sentence for each reason why it cannot be sent. In
the caller's scope.
"""

from typing import Any

from channels_app.content import Content, Reaction, Unsendable, files_of
from channels_app.models import Channel
from channels_app.providers import Provider
from channels_app.storable import UNWRITABLE
from messaging.conversations.thread import CHANGES
from messaging.models import Conversation, Media, Message
from messaging.outbound import window

WAITING_AT_MOST = 100  # messages of one conversation
DISCONNECTED = "The channel is disconnected: connect it again to write."
IN_A_GROUP = "It was written in a group, which cannot be answered yet."
BLOCKED = "The contact is blocked: unblock them to write."
OPTED_OUT = "The contact wants no marketing."
TOO_MANY = "{} messages of this conversation wait to be sent; {} is the most."


def composed(provider: Provider, content: Content) -> tuple[dict[str, Any], list[str]]:
    try:
        return provider.compose(content), []
    except Unsendable as refusal:
        return {}, list(refusal.faults)


def of_files(conversation: Conversation, content: Content) -> list[str]:
    """Of the files that we keep, a message waits for one to be uploaded."""
    ids = {file.id for file in files_of(content).values()}
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
    provider: Provider, conversation: Conversation, content: Content, *, is_marketing: bool
) -> list[str]:
    """What stands against any message, or against this one, in this conversation now."""
    contact, channel = conversation.contact, conversation.channel
    wants_no_marketing = contact.marketing_opted_out_at is not None
    waiting = Message.objects.filter(conversation=conversation, due_at__isnull=False).count()
    found = {
        DISCONNECTED: channel.status == Channel.Status.DISCONNECTED,
        IN_A_GROUP: bool(conversation.group_external_id),
        BLOCKED: contact.blocked_at is not None,
        OPTED_OUT: is_marketing and wants_no_marketing,
        window.fault_of(provider, conversation, content): True,
        TOO_MANY.format(waiting, WAITING_AT_MOST): waiting >= WAITING_AT_MOST,
    }
    return [sentence for sentence, applies in found.items() if sentence and applies]
