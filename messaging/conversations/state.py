"""The state of a conversation: open or closed, and whether automation or people answer in it. Each
move is a conditional UPDATE under the conversation's lock, and may be repeated.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from channels_app import event_log
from channels_app.event_log import EventType
from messaging.conversations.locking import locked
from messaging.logged.conversations import of_conversation, of_people, of_taken
from messaging.models import Conversation, Message
from messaging.models.answering import Because, LeftToPeople, peoples_until

Status = Conversation.Status
NOBODY_WAITS = {"waiting_because": "", "waiting_note": "", "waiting_since": None}


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


def hand_over(conversation_id: UUID, note: str = "") -> bool:
    """Let it wait for a person: nothing is answered by itself until `hand_back`, or for as long as
    its tenant has set. `note`: what the person is told. Returns whether it did not wait before.
    """
    conversation = locked(conversation_id)
    left = LeftToPeople.of(conversation.channel.tenant, Because.ORDER, note)
    return leave(conversation, left)


def leave(conversation: Conversation, left: LeftToPeople) -> bool:
    """Let a conversation, which is locked, wait for a person. Returns whether it did not before."""
    rows = Conversation.objects.leave_to_people({conversation.id: left})
    event_log.append([of_people(row) for row in rows])
    return bool(rows)


def take(conversation_id: UUID) -> bool:
    """Note that a person has it: nobody has to be waited for, and nothing is answered by itself
    until `hand_back`, or for as long as its tenant has set. Returns whether it was automation's, or
    waited.
    """
    conversation = locked(conversation_id)
    until = peoples_until(conversation.channel.tenant)
    is_nobodys = Q(waiting_since__isnull=False) | Q(replies_paused_until=None)
    free = rows_of(conversation).filter(is_nobodys | Q(replies_paused_until__lte=Now()))
    values = {"replies_paused_until": until, **NOBODY_WAITS}
    told = EventType.CONVERSATION_HANDED_OVER
    return move(conversation, free, told, values, to="people", because="taken")


def staff_wrote(conversation: Conversation, message: Message) -> None:
    """Note that staff have written a message in a conversation, which is locked: nobody has to be
    waited for, and nothing is answered by itself for as long as its tenant has set.
    """
    pause = timedelta(minutes=conversation.channel.tenant.staff_pause_minutes)
    ends = (conversation.replies_paused_until, timezone.now() + pause if pause else None)
    until = max(filter(None, ends), default=None)
    rows_of(conversation).update(replies_paused_until=until, **NOBODY_WAITS)
    if conversation.waiting_since:
        event_log.append([of_taken(message, conversation.contact_id)])


def hand_back(conversation_id: UUID) -> bool:
    """Let automation answer again. Returns whether it was paused or in people's hands."""
    conversation = locked(conversation_id)
    is_paused = rows_of(conversation).filter(replies_paused_until__isnull=False)
    values = {"replies_paused_until": None, **NOBODY_WAITS}
    told = EventType.CONVERSATION_HANDED_OVER
    return move(conversation, is_paused, told, values, to="automation")


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
