"""A conversation's messages as lines of text: what was said, tried and reported of each, and what
to do next.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from messaging.models import Conversation, DeferredReply, Message
from messaging.models.answering import Answering
from messaging.tracing.lookup import Found
from messaging.tracing.owners import lines_of_owner, lines_of_owner_then
from messaging.tracing.wording import MARGIN, in_one_line, moment


def lines_of(found: Found) -> Iterator[str]:
    conversation = found.conversation
    who = (
        f"{conversation.tenant.name} ({conversation.tenant.slug}) · {conversation.channel} ·"
        f" {conversation.contact}"
    )
    yield f"{in_one_line(who)} · conversation {conversation.id}"
    yield from lines_of_owner(conversation)
    yield from lines_of_answering(conversation)
    if found.has_earlier:
        yield "  Earlier messages are not shown."
    for message in found.messages:
        yield from lines_about(message, found)


def lines_of_answering(conversation: Conversation) -> Iterator[str]:
    """Yield that people answer, and why one is waited for; nothing while automation does."""
    answering = conversation.answering_at(timezone.now())
    if answering == Answering.WAITING:
        note = f" “{in_one_line(conversation.waiting_note)}”" if conversation.waiting_note else ""
        since = moment(conversation.waiting_since)
        why = conversation.get_waiting_because_display()
        yield f"  waits for a person since {since}. {why}{note}"
    elif answering == Answering.PERSON:
        yield "  a person answers: nothing is answered automatically"


def lines_about(message: Message, found: Found) -> Iterator[str]:
    arrow = "->" if message.direction == Message.Direction.INBOUND else "<-"
    arrow = "--" if message.origin == Message.Origin.NOTICE else arrow
    yield f"  {moment(message.created_at)} {arrow} {in_one_line(words_of(message))}"
    if message.origin != Message.Origin.NOTICE:
        yield from lines_of_way(message, found)
    yield f"{MARGIN}message {message.id}"


def lines_of_way(message: Message, found: Found) -> Iterator[str]:
    """Yield what was tried and reported of a message, and what to do next."""
    if message.origin == Message.Origin.RESPONDER:
        yield f"{MARGIN}by {message.get_origin_display()}"
    yield f"{MARGIN}{message.status}" + (f": {in_one_line(message.error)}" if message.error else "")
    for at, event in sorted(events_of(message), key=in_order):
        yield f"{MARGIN}{moment(at)} {in_one_line(event)}"
    if message.unanswered:
        yield f"{MARGIN}not answered: {message.get_unanswered_display()}"
        yield from lines_of_owner_then(message, found.owners)
    if (reply := found.pending) and reply.message_id == message.id:
        yield f"{MARGIN}{told_of_pending(reply)}"
    if step := found.steps.get(message.id):
        yield f"{MARGIN}next: {in_one_line(step)}"


def told_of_pending(reply: DeferredReply) -> str:
    since, until = moment(reply.created_at), moment(reply.deadline)
    return f"an answer is being prepared since {since}, at the latest until {until}"


def words_of(message: Message) -> str:
    words = message.text or message.preview
    return words if message.kind == "text" else f"[{message.kind}] {words}".rstrip()


def in_order(step: tuple[datetime, str]) -> datetime:
    """Return the key to sort by. Providers report whole seconds: steps of the same one keep their
    order, attempts before statuses.
    """
    return step[0].replace(microsecond=0)


def events_of(message: Message) -> Iterator[tuple[datetime, str]]:
    for attempt in message.tries.all():
        answer = f" (HTTP {attempt.http_status})" if attempt.http_status else ""
        yield attempt.ended_at, f"attempt {attempt.number}: {attempt.outcome}{answer}"
    for order in message.resends.all():
        yield order.ordered_at, f"sent again by {order.ordered_by}"
    for word in message.settlements.all():
        yield word.ordered_at, str(word)
    for status in message.statuses.all():
        yield status.occurred_at, status.status
