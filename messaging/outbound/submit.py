"""Validate a message that staff, a client or a task wants to send, and queue it in its place in the conversation.

Everything that is known to be refused later is refused here, at once and in sentences; what changes meanwhile is decided again
right before the POST (messages/mark_messages.sql). Runs within the caller's scope, and asks no provider over the network.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content, Reaction, Unsendable, files_of
from messaging.conversations.locking import locked
from messaging.models import Conversation, Message
from messaging.outbound import template_rules, validation

WORTH_SENDING = timedelta(days=1)  # what waited longer, for a token or a tenant, would surprise whoever gets it


def send(
    conversation_id: UUID, content: Content, *, origin: str, quoting: str = "", expires_at: datetime | None = None
) -> Message:
    """Queue `content` in a conversation; the queued message. `quoting`: the external id of the message that it answers;
    `expires_at`: when it is no longer worth sending, a day from now unless said.

    Raises Unsendable with a sentence for each fault, and Conversation.DoesNotExist.
    """
    conversation = locked(conversation_id)
    provider = providers.get(conversation.channel.kind)
    definition = template_rules.definition_of(content, conversation.channel)
    is_marketing = template_rules.is_marketing(definition)
    body, faults = validation.composed(provider, content)
    faults += template_rules.faults_of(provider, content, definition)
    faults += validation.of_files(conversation, content)
    faults += validation.of_aims(conversation, content, quoting)
    ids = conversation.addresses()
    faults += validation.in_conversation(conversation, content, ids, is_marketing=is_marketing)
    recipients, more = template_rules.recipients_of(provider, definition, ids)
    if faults := [*faults, *more]:
        raise Unsendable(*faults)
    _, to = recipients[0]
    message = Message.outgoing(conversation, content, body, to=to, origin=origin)
    message.quoted_external_id, message.expires_at = quoting, expires_at or timezone.now() + WORTH_SENDING
    message.target_external_id = content.message_external_id if isinstance(content, Reaction) else ""
    message.is_marketing = is_marketing
    message.attachment_id = next((file.id for file in files_of(content)), None)
    Conversation.objects.filter(id=conversation.id).update(last_seq=message.seq + 1, last_message_at=message.created_at)
    Message.objects.queue([message])
    return message
