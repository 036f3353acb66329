"""Find what an operator means: a message by the provider's id or ours, a conversation, or a
person's number as typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from messaging.conversations.pending import next_step_of, pending_in
from messaging.conversations.thread import statuses
from messaging.conversations.thread_history import words_of
from messaging.models import Conversation, DeferredReply, Message, OwnerChange
from messaging.next_steps import is_reported
from messaging.tracing.identifiers import message_ids, named_conversations, owned
from messaging.tracing.queued import steps_of

WAITING = {Message.Status.QUEUED, Message.Status.SENDING}
REPORTED = {Message.Status.ACCEPTED, Message.Status.SENT}  # until a status says what became of it
MOST = 20  # conversations
NEWEST = 10  # messages of a conversation, where nobody named one of them


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation, and those of its messages that were asked for, in their order. `owners`: the
    words about its thread's owner, the newest first. `steps`: what to do next about a message, by
    its id. `pending`: the answer that is being prepared.
    """

    conversation: Conversation
    messages: list[Message]
    pending: DeferredReply | None = None
    has_earlier: bool = False
    owners: list[OwnerChange] = field(default_factory=list)
    steps: Mapping[UUID, str] = field(default_factory=dict)


def find(term: str, *, tenant: str = "", at: datetime | None = None) -> list[Found]:
    """Return the conversations that `term` may mean, at most MOST, the one with the newest message
    first.

    `tenant`: the slug of the only tenant to look at. `at`: of a conversation the messages nearest
    to this moment, instead of the newest. Within operator_scope.
    """
    messages = Message.objects.filter(id__in=message_ids(term), **whose(tenant))
    if by_conversation := grouped(with_answers(messages)):
        return by_conversation
    conversations = Conversation.objects.filter(named_conversations(term), **whose(tenant))
    newest_first = conversations.select_related("tenant", "channel", "contact").order_by(
        "-last_message_at", "-id"
    )
    return [part_of(conversation, at) for conversation in newest_first[:MOST]]


def whose(tenant: str) -> dict[str, str]:
    return {"tenant__slug": tenant} if tenant else {}


def with_answers(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return what was asked and what answered it, whichever of the two was named."""
    asked = {(message.tenant_id, message.in_reply_to_id or message.id) for message in messages}
    both = owned(asked, "id") | owned(asked, "in_reply_to")
    return all_of(Message.objects.filter(both).order_by("conversation_id", "seq"))


def all_of(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return the messages with everything that the report shows of them."""
    whole = messages.select_related(
        "tenant", "channel", *(f"conversation__{name}" for name in ("tenant", "channel", "contact"))
    )
    return whole.prefetch_related("tries", "resends", "settlements", statuses())


def grouped(messages: Iterable[Message]) -> list[Found]:
    by_conversation: dict[UUID, list[Message]] = {}
    for message in messages:
        by_conversation.setdefault(message.conversation_id, []).append(message)
    return [found_of(each[0].conversation, each) for each in by_conversation.values()]


def found_of(
    conversation: Conversation, messages: list[Message], *, has_earlier: bool = False
) -> Found:
    owners, steps, pending = owners_of(conversation), steps_of(messages), pending_in(conversation)
    if pending:
        steps[pending.message_id] = next_step_of(pending)
    return Found(
        conversation,
        messages,
        pending=pending,
        has_earlier=has_earlier,
        owners=owners,
        steps=steps,
    )


def owners_of(conversation: Conversation) -> list[OwnerChange]:
    return list(words_of(conversation)) if conversation.owner else []


def part_of(conversation: Conversation, at: datetime | None) -> Found:
    """Return a conversation with its newest messages, or those just before and after `at`."""
    messages = Message.objects.filter(conversation=conversation, tenant=conversation.tenant_id)
    after: list[Message] = []
    if at:
        later = messages.filter(created_at__gte=at).order_by("seq")
        after = list(all_of(later[: NEWEST // 2]))
        messages = messages.filter(created_at__lt=at)
    room = NEWEST - len(after)
    newest = list(all_of(messages.order_by("-seq")[: room + 1]))
    shown = [*newest[:room][::-1], *after]
    return found_of(conversation, shown, has_earlier=len(newest) > room)


def is_settled(found: list[Found]) -> bool:
    """Whether every message has come to its end: received ones are answered or have a reason, ours
    are no longer under way.
    """
    messages = [message for conversation in found for message in conversation.messages]
    answered = {message.in_reply_to_id for message in messages}
    open_questions = [
        message
        for message in messages
        if message.status == Message.Status.RECEIVED
        and not message.unanswered
        and message.id not in answered
    ]
    return bool(messages) and not open_questions and not any(map(is_under_way, messages))


def is_under_way(message: Message) -> bool:
    """Whether more will be known of a message of ours."""
    is_settled = message.origin in Message.ASIDE or not is_reported(message)
    return message.status in WAITING or (message.status in REPORTED and not is_settled)
