"""Events of conversations: opened, closed, handed over, with another owner."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from channels_app.event_log import EventType, LoggedEvent
from messaging.models import Message


def of_conversation(
    type: EventType,
    tenant_id: UUID,
    conversation_id: UUID,
    *,
    channel_id: UUID,
    contact_id: UUID,
    **words: str,
) -> LoggedEvent:
    """Return an event; `words`: what else it tells, such as whom the conversation was handed over
    to.
    """
    return LoggedEvent(
        tenant_id=tenant_id,
        type=type,
        subject_id=conversation_id,
        stream_id=conversation_id,
        data={
            "conversation_id": str(conversation_id),
            "channel_id": str(channel_id),
            "contact_id": str(contact_id),
            **words,
        },
    )


def of_taken(message: Message, contact_id: UUID) -> LoggedEvent:
    """Return the event of a conversation that waited until staff wrote this message in it."""
    return of_conversation(
        EventType.CONVERSATION_HANDED_OVER,
        message.tenant_id,
        message.conversation_id,
        channel_id=message.channel_id,
        contact_id=contact_id,
        message_id=str(message.id),
        to="people",
        because="taken",
    )


def of_people(row: Mapping[str, Any]) -> LoggedEvent:
    """Return the event of a conversation that was left to people, as
    conversations/leave_to_people.sql returns its row.
    """
    return of_conversation(
        EventType.CONVERSATION_HANDED_OVER,
        row["tenant_id"],
        row["id"],
        channel_id=row["channel_id"],
        contact_id=row["contact_id"],
        to="people",
        because=row["waiting_because"],
    )
