"""Events of conversations: opened, closed, handed over, with another owner."""

from uuid import UUID

from channels_app.event_log import EventType, LoggedEvent


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
