"""Validate a message that staff, a client or a task wants to send, and queue it in its place.

Everything that is known to be refused later is refused here, at once and in sentences; what changes
meanwhile is decided again right before the POST (messages/mark_messages.sql). Runs within the
caller's scope, and asks no provider over the network.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content, Fault, FaultCode, Unsendable
from channels_app.models import Channel
from channels_app.providers import Provider
from messaging.conversations import ownership, state
from messaging.conversations.locking import locked
from messaging.models import Conversation, Message, new_messages
from messaging.outbound import template_rules, validation

# what waited longer, for a token or a tenant, would surprise whoever gets it
WORTH_SENDING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sendable:
    """What was found fit to be sent: the provider's form of it, and the address it goes to."""

    body: dict[str, Any]
    to: str
    is_marketing: bool


def send(
    conversation_id: UUID,
    content: Content,
    *,
    origin: str,
    quoting: str = "",
    expires_at: datetime | None = None,
    takes_thread: bool = False,
) -> Message:
    """Queue `content` in a conversation. `quoting`: the external id of the message that it answers;
    `expires_at`: when it is not worth sending any more, by default in a day; `takes_thread`: it is
    to be sent though another responder has the thread.

    Returns the queued message. Raises Unsendable with all faults at once, and
    Conversation.DoesNotExist.
    """
    conversation = locked(conversation_id)
    ready = sendable(conversation, content, quoting=quoting, takes_thread=takes_thread)
    message = new_messages.outgoing(conversation, content, ready.body, to=ready.to, origin=origin)
    message.quoted_external_id = quoting
    message.expires_at = expires_at or timezone.now() + WORTH_SENDING
    message.is_marketing = ready.is_marketing
    message.takes_thread = takes_thread
    queue(message, conversation)
    if origin == Message.Origin.STAFF:
        state.staff_wrote(conversation, message)
    return message


def sendable(
    conversation: Conversation, content: Content, *, quoting: str = "", takes_thread: bool = False
) -> Sendable:
    """Return `content` as it can be sent in a conversation, which is locked. Raises Unsendable with
    all faults at once.
    """
    provider = provider_of(conversation.channel)
    if takes_thread and conversation.owner:
        ownership.open_window(conversation)
    definition = template_rules.definition_of(content, conversation.channel)
    is_marketing = template_rules.is_marketing(definition)
    body, faults = validation.composed(provider, content)
    faults += template_rules.faults_of(provider, content, definition)
    faults += validation.of_files(conversation, content)
    faults += validation.of_aims(conversation, content, quoting)
    faults += [] if takes_thread else validation.of_owner(conversation, content)
    faults += validation.in_conversation(provider, conversation, content, is_marketing=is_marketing)
    recipients, more = template_rules.recipients_of(provider, definition, conversation.addresses())
    if faults := [*faults, *more]:
        raise Unsendable(*faults)
    _, to = recipients[0]
    return Sendable(body, to, is_marketing)


def provider_of(channel: Channel) -> Provider:
    """Return the channel's provider; raises Unsendable where its kind is not installed any more."""
    provider = providers.find(channel.kind)
    if provider is None:
        gone = f"Channels of the kind {channel.kind!r} are not installed here any more."
        raise Unsendable(Fault(gone, code=FaultCode.CHANNEL_NOT_INSTALLED))
    return provider


def queue(message: Message, conversation: Conversation) -> None:
    """Store the message in its place, with that of an answer behind it."""
    Conversation.objects.filter(id=conversation.id).update(
        last_seq=message.seq + 1,
        last_message_at=message.created_at,
        window_closes_at=conversation.window_closes_at,
    )
    Message.objects.queue([message])
