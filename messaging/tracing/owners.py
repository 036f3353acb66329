"""Who has a thread, or had it, as lines of text; nothing of a channel that nobody shares."""

from collections.abc import Iterable, Iterator

from messaging.conversations.thread_state import state_of
from messaging.models import Conversation, Message, OwnerChange, ThreadOrder
from messaging.models.unanswered import Unanswered
from messaging.tracing.wording import MARGIN, in_one_line, moment

OF_THE_OWNER = (Unanswered.NOT_OURS, Unanswered.IDLE)


def lines_of_owner(conversation: Conversation) -> Iterator[str]:
    if state := state_of(conversation):
        yield f"  thread: {state.who}, since {moment(state.since)}. {state.told}"
        if state.until:
            yield f"{MARGIN}nobody from {moment(state.until)} on, if the contact stays silent"


def lines_of_owner_then(message: Message, owners: Iterable[OwnerChange]) -> Iterator[str]:
    """Yield who had the thread when a message was not answered because of it. `owners`: the newest
    first.
    """
    if message.unanswered in OF_THE_OWNER:
        before = (each for each in owners if each.occurred_at <= message.created_at)
        for each in list(before)[:1]:
            yield f"{MARGIN}the thread then: {said_of(each)}"


def said_of(change: OwnerChange) -> str:
    note = f" “{in_one_line(change.note)}”" if change.note else ""
    by = f" Ordered by {change.by}." if change.by else ""
    who, told = change.get_owner_display().lower(), change.get_told_by_display()
    return f"{who}, since {moment(change.occurred_at)}. {told}{note}{by}"


def said_of_order(order: ThreadOrder) -> str:
    error = f" {in_one_line(order.error)}" if order.error else ""
    action, at = order.get_action_display(), moment(order.created_at)
    return f"{at} {action}, ordered by {order.by}: {order.status}.{error}"
