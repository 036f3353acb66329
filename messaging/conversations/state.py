"""The state of a conversation: open or closed, and whether automation or people answer in it. Each
move is a conditional UPDATE under the conversation's lock, and may be repeated.
"""

from datetime import UTC, datetime
from uuid import UUID

from messaging.conversations.locking import locked
from messaging.models import Conversation

Status = Conversation.Status

# `replies_paused_until` of a conversation that is in people's hands: until it is handed back
IN_PEOPLES_HANDS = datetime(9999, 1, 1, tzinfo=UTC)


def close(conversation_id: UUID) -> bool:
    """Close it. The contact's next message opens it again. Returns whether it was open."""
    return change(conversation_id, Status.OPEN, Status.CLOSED)


def reopen(conversation_id: UUID) -> bool:
    """Open it again. Returns whether it was closed."""
    return change(conversation_id, Status.CLOSED, Status.OPEN)


def change(conversation_id: UUID, before: Status, after: Status) -> bool:
    conversation = locked(conversation_id)
    rows = Conversation.objects.filter(id=conversation.id, status=before)
    return bool(rows.update(status=after))


def hand_over(conversation_id: UUID) -> bool:
    """Leave the answers to people until `hand_back`. Returns whether automation had it."""
    conversation = locked(conversation_id)
    rows = Conversation.objects.filter(id=conversation.id)
    return bool(
        rows.exclude(replies_paused_until=IN_PEOPLES_HANDS).update(
            replies_paused_until=IN_PEOPLES_HANDS
        )
    )


def hand_back(conversation_id: UUID) -> bool:
    """Let automation answer again. Returns whether it was paused or in people's hands."""
    conversation = locked(conversation_id)
    rows = Conversation.objects.filter(id=conversation.id, replies_paused_until__isnull=False)
    return bool(rows.update(replies_paused_until=None))
