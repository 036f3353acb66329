"""The state of a conversation: open or closed, and whether automation or people answer in it. Each
move is a conditional UPDATE under the conversation's lock, and may be repeated.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from channels_app import event_log
from channels_app.event_log import EventType
from messaging.conversations.locking import locked
from messaging.logged.conversations import of_conversation
from messaging.models import Conversation

Status = Conversation.Status

# `replies_paused_until` of a conversation that is in people's hands: until it is handed back
IN_PEOPLES_HANDS = datetime(9999, 1, 1, tzinfo=UTC)


def close(conversation_id: UUID) -> bool:
    """Close it. The contact's next message opens it again. Returns whether it was open."""
    conversation = locked(conversation_id)
    is_open = rows_of(conversation).filter(status=Status.OPEN)
    return move(conversation, is_open, EventType.CONVERSATION_CLOSED, {"status": Status.CLOSED})


def reopen(conversation_id: UUID) -> bool:
    """Open it again. Returns whether it was closed."""
    conversation = locked(conversation_id)
    is_closed = rows_of(conversation).filter(status=Status.CLOSED)
    return move(conversation, is_closed, EventType.CONVERSATION_OPENED, {"status": Status.OPEN})


def hand_over(conversation_id: UUID) -> bool:
    """Leave the answers to people until `hand_back`. Returns whether automation had it."""
    conversation = locked(conversation_id)
    is_automations = rows_of(conversation).exclude(replies_paused_until=IN_PEOPLES_HANDS)
    return pause(conversation, is_automations, IN_PEOPLES_HANDS, to="people")


def hand_back(conversation_id: UUID) -> bool:
    """Let automation answer again. Returns whether it was paused or in people's hands."""
    conversation = locked(conversation_id)
    is_paused = rows_of(conversation).filter(replies_paused_until__isnull=False)
    return pause(conversation, is_paused, None, to="automation")


def pause(
    conversation: Conversation, rows: QuerySet[Conversation], until: datetime | None, *, to: str
) -> bool:
    told = EventType.CONVERSATION_HANDED_OVER
    return move(conversation, rows, told, {"replies_paused_until": until}, to=to)


def rows_of(conversation: Conversation) -> QuerySet[Conversation]:
    return Conversation.objects.filter(id=conversation.id)


def move(
    conversation: Conversation,
    rows: QuerySet[Conversation],
    told: EventType,
    values: Mapping[str, Any],
    **words: str,
) -> bool:
    """Set the values if the conversation is among the rows, and log it with these words. Returns
    whether it was.
    """
    if not rows.update(**values):
        return False
    event = of_conversation(
        told,
        conversation.tenant_id,
        conversation.id,
        channel_id=conversation.channel_id,
        contact_id=conversation.contact_id,
        **words,
    )
    event_log.append([event])
    return True
