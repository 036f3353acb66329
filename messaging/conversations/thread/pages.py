"""Pages of a conversation's messages, found by their place in it (Message.seq). Each reads its own
rows and one more, however long the conversation is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from messaging.conversations.thread.changes import statuses
from messaging.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in their order. `before`: the place before which the earlier ones stand; `after`:
    the place after which the later ones do. None: there are none.
    """

    messages: Sequence[Message]
    before: int | None = None
    after: int | None = None


def newest(conversation: Conversation, length: int) -> Page:
    messages, has_earlier = last_of(rows_of(conversation), length)
    return page_of(messages, has_earlier=has_earlier, has_later=False)


def before(conversation: Conversation, place: int, length: int) -> Page:
    """Return the last messages that stand before a place."""
    messages, has_earlier = last_of(rows_of(conversation).filter(seq__lt=place), length)
    has_later = has_any(rows_of(conversation).filter(seq__gte=place).order_by("seq"))
    return page_of(messages, has_earlier=has_earlier, has_later=has_later)


def after(conversation: Conversation, place: int, length: int) -> Page:
    """Return the first messages that stand after a place."""
    messages, has_later = first_of(rows_of(conversation).filter(seq__gt=place), length)
    has_earlier = has_any(rows_of(conversation).filter(seq__lte=place).order_by("-seq"))
    return page_of(messages, has_earlier=has_earlier, has_later=has_later)


def around(conversation: Conversation, message_id: UUID, length: int) -> Page | None:
    """Return the messages on both sides of one; None: it is not in this conversation."""
    rows, half = rows_of(conversation), length // 2
    place = rows.filter(id=message_id).values_list("seq", flat=True).first()
    if place is None:
        return None
    earlier, has_earlier = last_of(rows.filter(seq__lte=place), half)
    later, has_later = first_of(rows.filter(seq__gt=place), half)
    return page_of([*earlier, *later], has_earlier=has_earlier, has_later=has_later)


def rows_of(conversation: Conversation) -> QuerySet[Message]:
    return conversation.messages.filter(tenant=conversation.tenant_id)


def last_of(rows: QuerySet[Message], length: int) -> tuple[list[Message], bool]:
    """Return the last of the rows in their order, and whether there are more before them."""
    found = list(whole(rows).order_by("-seq")[: length + 1])
    return found[:length][::-1], len(found) > length


def first_of(rows: QuerySet[Message], length: int) -> tuple[list[Message], bool]:
    """Return the first of the rows, and whether there are more after them."""
    found = list(whole(rows).order_by("seq")[: length + 1])
    return found[:length], len(found) > length


def has_any(rows: QuerySet[Message]) -> bool:
    """Return whether there are rows, by the first of them: `exists` forgets their order, and with
    it the index.
    """
    return bool(rows.values_list("seq", flat=True)[:1])


def whole(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related("attachment", "channel", "tenant").prefetch_related(statuses())


def page_of(messages: Sequence[Message], *, has_earlier: bool, has_later: bool) -> Page:
    return Page(
        messages,
        before=messages[0].seq if messages and has_earlier else None,
        after=messages[-1].seq if messages and has_later else None,
    )
