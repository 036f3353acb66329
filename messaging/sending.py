"""What staff, a client or a task wants to say: checked whole, then queued in its place in the conversation.

Everything that is known to be refused later is refused here, at once and in sentences; what changes meanwhile is decided again
right before the POST (mark_messages.sql). Runs within the caller's scope, and asks no provider over the network.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content, Template, Unsendable, stored_files
from channels_app.models import Channel, MessageTemplate
from messaging.models import Contact, Conversation, Media, Message

MARKETING = "marketing"  # a template's category
WAITING_AT_MOST = 100  # messages of one conversation
LISTED = ("name", "language", "status", "category", "parameter_format", "components")


def send(
    conversation_id: UUID, content: Content, *, origin: str, quoting: str = "", expires_at: datetime | None = None
) -> Message:
    """Queue `content` in a conversation; the queued message. `quoting`: the external id of the message that it answers.

    Raises Unsendable with a sentence for each fault, and Conversation.DoesNotExist.
    """
    conversation = locked(conversation_id)
    provider = providers.get(conversation.channel.kind)
    body, faults = composed(provider, content)
    definition = definition_of(content, conversation.channel)
    faults += template_faults(provider, content, definition, conversation.channel)
    faults += file_faults(content, conversation)
    faults += obstacles(conversation, content, definition)
    if faults:
        raise Unsendable(*faults)
    message = Message.outgoing(conversation, content, body, origin=origin)
    message.quoted_external_id, message.expires_at = quoting, expires_at
    message.is_marketing = is_marketing(definition)
    message.attachment_id = next((file.id for file in stored_files(content)), None)
    Conversation.objects.filter(id=conversation.id).update(last_seq=message.seq + 1, last_message_at=message.created_at)
    Message.objects.queue([message])
    return message


def locked(conversation_id: UUID) -> Conversation:
    """The conversation, or the one that it was merged into; contact and conversation locked in this order, as by everybody."""
    found = Conversation.objects.get(id=conversation_id)
    while found.merged_into_id:
        found = Conversation.objects.get(id=found.merged_into_id)
    contact = Contact.objects.select_for_update(no_key=True).get(id=found.contact_id)
    conversation = (
        Conversation.objects.select_related("channel__tenant").select_for_update(no_key=True, of=("self",)).get(id=found.id)
    )
    conversation.contact = contact
    return locked(conversation_id) if contact.merged_into_id or conversation.merged_into_id else conversation


def composed(provider: providers.Provider, content: Content) -> tuple[dict[str, Any], list[str]]:
    try:
        return provider.compose(content), []
    except Unsendable as refusal:
        return {}, list(refusal.faults)


def definition_of(content: Content, channel: Channel) -> MessageTemplate | None:
    if not isinstance(content, Template):
        return None
    named = {"name": content.name, "language": content.language}
    return MessageTemplate.objects.filter(kind=channel.kind, account_id=channel.account_id, **named).first()


def template_faults(
    provider: providers.Provider, content: Content, definition: MessageTemplate | None, channel: Channel
) -> list[str]:
    if not isinstance(content, Template):
        return []
    if definition is None:
        return [
            f"The account has no template {content.name!r} in {content.language!r}. Fetch its templates, or correct the name."
        ]
    return provider.template_faults(content, as_listed(definition))


def file_faults(content: Content, conversation: Conversation) -> list[str]:
    """A file that is not here, or another tenant's, would be waited for in vain; a message waits for one."""
    ids = {file.id for file in stored_files(content)}
    stored = Media.objects.filter(tenant=conversation.tenant_id, status=Media.Status.STORED, id__in=ids)
    found = {
        "The file is not stored here.": len(ids) == 1 and not stored.exists(),
        "A message may carry one stored file; give the others by a link, or by the provider's id.": len(ids) > 1,
    }
    return [sentence for sentence, applies in found.items() if applies]


def as_listed(definition: MessageTemplate) -> Mapping[str, Any]:
    return {
        name: getattr(definition, name) for name in ("name", "language", "status", "category", "parameter_format", "components")
    }


def is_marketing(definition: MessageTemplate | None) -> bool:
    return definition is not None and definition.category.lower() == MARKETING


def obstacles(conversation: Conversation, content: Content, definition: MessageTemplate | None) -> list[str]:
    """What stands against any message, or against this one, in this conversation now."""
    contact, channel, now = conversation.contact, conversation.channel, timezone.now()
    is_open = conversation.window_closes_at is not None and conversation.window_closes_at > now
    waiting = Message.objects.filter(conversation=conversation, due_at__isnull=False).count()
    found = {
        "The channel is disconnected: connect it again to write.": channel.status == Channel.Status.DISCONNECTED,
        "The contact is blocked: unblock them to write.": contact.blocked_at is not None,
        "The contact wants no marketing.": contact.marketing_opted_out_at is not None and is_marketing(definition),
        "The contact wrote more than 24 hours ago, or never: only a template may be sent.": not (
            is_open or isinstance(content, Template) or conversation.group_external_id
        ),
        f"{waiting} messages of this conversation wait to be sent; {WAITING_AT_MOST} is the most.": waiting >= WAITING_AT_MOST,
        "The contact has no address to write to.": not conversation.address(),
    }
    return [sentence for sentence, applies in found.items() if applies]
