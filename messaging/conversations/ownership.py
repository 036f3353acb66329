"""Words about who has a thread, other than those that come as messages: refusals of ours, and what
became of our own orders.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from channels_app import event_log
from channels_app.content import Template
from channels_app.events import OwnerSource, ThreadOwner
from channels_app.models import Channel
from messaging.logged.owners import of_owner
from messaging.models import Conversation, Message, OwnerChange
from messaging.models.owner_word import OwnerWord

COLUMNS = ["owner", "owner_told_by", "owner_since", "owner_until", "window_closes_at"]


def refused(messages: Mapping[UUID, datetime]) -> set[UUID]:
    """Record that the provider refused these messages, each at its moment, because another
    responder has the thread. Within a scope of the pipeline, in a transaction after theirs.

    Returns the messages whose conversation somebody else holds locked.
    """
    rows = dict(Message.objects.filter(id__in=messages).values_list("id", "conversation_id"))
    moments: dict[UUID, datetime] = {}
    for message_id, conversation_id in rows.items():
        moment = messages[message_id]
        moments[conversation_id] = max(moment, moments.get(conversation_id, moment))
    words = {
        conversation_id: OwnerWord(ThreadOwner.OTHER, OwnerSource.REFUSED, moment)
        for conversation_id, moment in moments.items()
    }
    free = unlocked(words)
    tell(free, words)
    Channel.objects.learn_shared({each.channel_id for each in free})
    told = {each.id for each in free}
    return {id for id, conversation_id in rows.items() if conversation_id not in told}


def taken_by_writing(messages: Mapping[UUID, datetime]) -> None:
    """Record that the provider accepted these messages, each at its moment. One on a thread that
    was another's has taken it; templates leave a thread to whoever has it. Within a scope of the
    pipeline; a conversation that somebody else holds locked is left.
    """
    others = Message.objects.filter(id__in=messages, conversation__owner=ThreadOwner.OTHER)
    rows = others.exclude(kind=Template.kind).values_list("id", "conversation_id")
    words = {
        conversation_id: OwnerWord(ThreadOwner.US, OwnerSource.WE_TOOK, messages[message_id])
        for message_id, conversation_id in rows
    }
    tell(unlocked(words), words)


def locked(conversation_ids: Iterable[UUID]) -> list[Conversation]:
    """Return these conversations, locked."""
    return list(rows_of(conversation_ids).select_for_update(no_key=True, of=("self",)))


def unlocked(conversation_ids: Iterable[UUID]) -> list[Conversation]:
    """Return those of the conversations that nobody else holds locked, locked now."""
    free = rows_of(conversation_ids).select_for_update(no_key=True, skip_locked=True, of=("self",))
    return list(free)


def rows_of(conversation_ids: Iterable[UUID]) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(id__in=list(conversation_ids))
    return rows.select_related("channel").order_by("id")


def open_window(conversation: Conversation) -> None:
    """Set until when the owner of the thread may write, as if that were us; not saved."""
    of_thread = conversation.window_of_thread(conversation.ownership(), conversation.channel.kind)
    windows = filter(None, (conversation.window_closes_at, of_thread))
    conversation.window_closes_at = max(windows, default=None)


def tell(
    conversations: Sequence[Conversation], words: Mapping[UUID, OwnerWord], by: str = ""
) -> None:
    """Take a word about each of these conversations, which are locked, into account. `by`: who
    ordered it here.
    """
    changes, events = [], []
    for conversation in conversations:
        word = words[conversation.id]
        known = conversation.ownership()
        known.hear(word)
        conversation.set_ownership(known)
        if known.is_ours:
            open_window(conversation)
        changes.append(OwnerChange.of(conversation.tenant_id, conversation.id, word, by))
        events += [of_owner(conversation, word)] if known.newest == word else []
    Conversation.objects.bulk_update(conversations, COLUMNS)
    OwnerChange.objects.bulk_create(changes)
    event_log.append(events)
