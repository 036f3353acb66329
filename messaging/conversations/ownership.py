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
from messaging.models import Conversation, Message, OwnerChange, ThreadOrder
from messaging.models.owner_word import OwnerWord
from messaging.models.reply_window import window_of_thread
from messaging.models.thread_owner import OWNER_COLUMNS

CHANGED = [*OWNER_COLUMNS, "window_closes_at"]


def refused(messages: Mapping[UUID, datetime]) -> set[UUID]:
    """Record that the provider refused these messages, each at its moment, because another
    responder has the thread. Within a scope of the pipeline, in a transaction after theirs.

    Returns the messages whose conversation, or its channel, somebody else holds locked.
    """
    rows = dict(Message.objects.filter(id__in=messages).values_list("id", "conversation_id"))
    words = newest_of(rows, messages, ThreadOwner.OTHER, OwnerSource.REFUSED)
    conversations = locked_if_free(words)
    tell(conversations, words)
    left = Channel.objects.learn_shared({each.channel_id for each in conversations})
    told = {each.id for each in conversations if each.channel_id not in left}
    return {id for id, conversation_id in rows.items() if conversation_id not in told}


def taken_by_writing(messages: Mapping[UUID, datetime]) -> None:
    """Record that the provider accepted these messages, each at its moment. One on a thread that
    was not ours has taken it; templates leave a thread to whoever has it. Within a scope of the
    pipeline; a conversation that somebody else holds locked is left.
    """
    not_ours = Message.objects.filter(id__in=messages).exclude(
        conversation__owner__in=["", ThreadOwner.US]
    )
    rows = dict(not_ours.exclude(kind=Template.kind).values_list("id", "conversation_id"))
    words = newest_of(rows, messages, ThreadOwner.US, OwnerSource.WE_TOOK)
    tell(locked_if_free(words), words)


def newest_of(
    conversations: Mapping[UUID, UUID], moments: Mapping[UUID, datetime], owner: str, told_by: str
) -> dict[UUID, OwnerWord]:
    """Return a word of the newest moment about each conversation, of several messages."""
    in_time = sorted(conversations, key=moments.__getitem__)
    return {conversations[id]: OwnerWord(owner, told_by, moments[id]) for id in in_time}


def locked_if_free(conversation_ids: Iterable[UUID]) -> list[Conversation]:
    """Lock those of the conversations that nobody else holds locked, and return them."""
    rows: QuerySet[Conversation] = Conversation.objects.filter(id__in=list(conversation_ids))
    free = rows.select_related("channel").select_for_update(
        no_key=True, skip_locked=True, of=("self",)
    )
    return list(free.order_by("id"))


def tell(
    conversations: Sequence[Conversation], words: Mapping[UUID, OwnerWord], by: str = ""
) -> None:
    """Take a word about each of these conversations, which are locked, into account. One that is
    known already, or older than what is known, changes nothing. `by`: who ordered it here.
    """
    changes, events = [], []
    for conversation in conversations:
        word, known = words[conversation.id], conversation.ownership()
        if not word.is_newer_than(known.newest):
            continue
        is_change = known.hear(word)
        conversation.set_ownership(known)
        if is_change:
            events.append(of_owner(conversation, word))
        if is_change and word.owner == ThreadOwner.US:
            open_window(conversation)
        changes.append(OwnerChange.of(conversation.tenant_id, conversation.id, word, by))
    Conversation.objects.bulk_update(conversations, CHANGED)
    OwnerChange.objects.bulk_create(changes)
    ThreadOrder.objects.settle_unknown({each.id: each.tenant_id for each in conversations})
    event_log.append(events)


def open_window(conversation: Conversation) -> None:
    """Set until when the contact's newest message lets the thread's owner write, as if that were
    us; not saved.
    """
    of_thread = window_of_thread(conversation.ownership(), conversation.channel.kind)
    windows = filter(None, (conversation.window_closes_at, of_thread))
    conversation.window_closes_at = max(windows, default=None)
