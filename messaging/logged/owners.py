"""Events of threads on shared channels: who has them now."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from channels_app.event_log import EventType, LoggedEvent
from messaging.logged.conversations import of_conversation
from messaging.models import Contact, Conversation, Message
from messaging.models.owner_word import OwnerWord
from messaging.models.places import Place


def of_owners(
    messages: Iterable[Message], places: Iterable[Place], contacts: Iterable[Contact]
) -> Iterator[LoggedEvent]:
    """Yield an event for each thread that has another owner since these messages."""
    threads = {
        place.conversation_id: (message.tenant_id, message.channel_id, contact.id, place.ownership)
        for message, place, contact in zip(messages, places, contacts, strict=True)
        if place.ownership
    }
    for conversation_id, (tenant_id, channel_id, contact_id, ownership) in threads.items():
        if ownership.newest and ownership.newest in ownership.heard:
            yield event_of(tenant_id, conversation_id, channel_id, contact_id, ownership.newest)


def of_owner(conversation: Conversation, word: OwnerWord) -> LoggedEvent:
    return event_of(
        conversation.tenant_id,
        conversation.id,
        conversation.channel_id,
        conversation.contact_id,
        word,
    )


def event_of(
    tenant_id: UUID, conversation_id: UUID, channel_id: UUID, contact_id: UUID, word: OwnerWord
) -> LoggedEvent:
    return of_conversation(
        EventType.CONVERSATION_OWNER_CHANGED,
        tenant_id,
        conversation_id,
        channel_id=channel_id,
        contact_id=contact_id,
        owner=word.owner,
        told_by=word.told_by,
    )
