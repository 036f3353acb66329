"""Read receipts and typing indicators: what a contact sees of us beside messages.

Both are ordered in the caller's scope and sent to the provider by a task. Nothing depends on them,
so what cannot be sent is soon given up.
"""

from uuid import UUID

from channels_app import providers
from channels_app.lifecycle.parking import park_dead_token
from channels_app.models import Channel
from channels_app.providers import ReadReceipts, SendError, Typing, UnknownProvider
from messaging.conversations.locking import locked
from messaging.models import Conversation, Message
from tenants.encryption import CannotOpen
from tenants.models import Tenant
from tenants.scope import tenant_scope


class ReceiptNotSent(Exception):
    """The provider could not be reached now; the message is a sentence for the operator."""


def to_be_read(conversation_id: UUID) -> Message | None:
    """Mark the contact's newest message as read. Returns it, or None if it was read already. Raises
    Conversation.DoesNotExist.
    """
    newest, was_unread = read(conversation_id)
    return newest if was_unread else None


def to_be_answered(conversation_id: UUID) -> Message | None:
    """Mark the contact's newest message as read. Returns it, or None if they never wrote. Raises
    Conversation.DoesNotExist.
    """
    newest, _ = read(conversation_id)
    return newest


def read(conversation_id: UUID) -> tuple[Message | None, bool]:
    """Mark the contact's newest message as read. Returns it, and whether it was not read before."""
    conversation = locked(conversation_id)
    newest = newest_of(conversation)
    if newest is None or newest.seq <= conversation.read_seq:
        return newest, False
    Conversation.objects.filter(id=conversation.id).update(read_seq=newest.seq)
    return newest, True


def newest_of(conversation: Conversation) -> Message | None:
    messages = Message.objects.filter(tenant=conversation.tenant_id, conversation=conversation)
    return (
        messages.filter(direction=Message.Direction.INBOUND, is_history=False)
        .exclude(origin__in=Message.ASIDE)
        .order_by("-seq")
        .first()
    )


def send_receipt(tenant_id: UUID, message_id: UUID, *, is_answering: bool) -> None:
    """Send the provider a read receipt of this message; raises ReceiptNotSent.

    With a typing indicator (`is_answering`) instead, as long as there is no answer. What the
    provider does not offer is not sent, and nothing of a message that was deleted meanwhile.
    """
    with tenant_scope(tenant_id):
        related = ("channel__tenant", "conversation__contact")
        message = Message.objects.select_related(*related).filter(id=message_id).first()
        if message is None:
            return
        later = Message.objects.filter(conversation=message.conversation_id, seq__gt=message.seq)
        is_answered = later.filter(direction=Message.Direction.OUTBOUND).exists()
    if not is_reachable(message):
        return
    try:
        show(message, is_answering=is_answering and not is_answered)
    except SendError as error:
        park_dead_token(message.channel, error)
        if error.is_passing:
            raise ReceiptNotSent(str(error)) from None
    except CannotOpen as error:
        raise ReceiptNotSent(str(error)) from None
    except UnknownProvider:
        pass  # what is not installed any more shows nothing


def show(message: Message, *, is_answering: bool) -> None:
    channel, external_id = message.channel, message.external_id or ""
    provider = providers.acting_for(channel)
    if is_answering and isinstance(provider, Typing):
        provider.show_typing(channel, external_id)
    elif isinstance(provider, ReadReceipts):
        provider.mark_read(channel, external_id)


def is_reachable(message: Message) -> bool:
    is_live = (
        message.channel.status == Channel.Status.LIVE
        and message.channel.tenant.status == Tenant.Status.ACTIVE
    )
    return is_live and message.conversation.contact.blocked_at is None
