"""Settle what a strategy said: check once more whether it still fits, and queue it, or leave the
conversation to people. One transaction, in the tenant's scope.
"""

import logging
from typing import TypeAlias

from django.utils import timezone

from channels_app.content import Content, FaultCode, Unsendable
from channels_app.events import ThreadOwner
from messaging.conversations import state
from messaging.conversations.locking import locked
from messaging.metrics.replies import ENDED, LEFT
from messaging.models import Conversation, DeferredReply, Message, new_messages
from messaging.models.answering import Answering, Because, LeftToPeople
from messaging.models.unanswered import Unanswered
from messaging.outbound.submit import sendable
from messaging.replies.automatic import ReplyLimit
from messaging.replies.decided import why_unanswered
from messaging.replies.meaning import meant_by
from messaging.replies.strategy import NoReply, Said
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

Outcome = DeferredReply.Outcome
Verdict: TypeAlias = Message | LeftToPeople | NoReply


def settle(reply: DeferredReply, said: Said | Because) -> None:
    """Settle a reply that is leased. One that is over meanwhile, or in other hands, is left."""
    with tenant_scope(reply.tenant_id):
        verdict = settled(reply, said)
    if verdict:
        note(reply, verdict)


def settled(reply: DeferredReply, said: Said | Because) -> Verdict | None:
    """Settle it in the caller's transaction. Returns how, None where there was nothing to do."""
    try:
        conversation = locked(reply.conversation_id)
    except Conversation.DoesNotExist:
        return None  # erased
    mine = DeferredReply.objects.select_for_update(no_key=True).select_related("message")
    row = mine.filter(id=reply.id, lease=reply.lease).first()
    if row is None:
        return None
    verdict = verdict_on(row, conversation, said)
    if isinstance(verdict, Message):
        Message.objects.queue([verdict])
        row.end(Outcome.ANSWERED)
    elif isinstance(verdict, LeftToPeople):
        state.leave(conversation, verdict)
        leave_unanswered(row, why_unanswered(verdict), Outcome.LEFT)
    else:
        leave_unanswered(row, verdict.reason, Outcome.UNANSWERED)
    return verdict


def note(reply: DeferredReply, verdict: Verdict) -> None:
    """Count how a reply ended, after the commit, and log an answer that cannot be sent."""
    match verdict:
        case Message():
            ENDED.labels(Outcome.ANSWERED.value).inc()
        case LeftToPeople(because=because):
            ENDED.labels(Outcome.LEFT.value).inc()
            LEFT.labels(because).inc()
            if because == Because.UNSENDABLE:
                told = "The reply strategy gave what cannot be sent on message %s of tenant %s."
                logger.error(told, reply.message_id, reply.tenant_id)
        case NoReply():
            ENDED.labels(Outcome.UNANSWERED.value).inc()


def leave_unanswered(row: DeferredReply, reason: Unanswered, outcome: Outcome) -> None:
    Message.objects.filter(id=row.message_id).update(unanswered=reason)
    row.end(outcome)


def verdict_on(row: DeferredReply, conversation: Conversation, said: Said | Because) -> Verdict:
    """Return the answer to be queued, or what stands in its place."""
    tenant = conversation.channel.tenant
    if obstacle := obstacle_of(conversation):
        return NoReply(obstacle)
    if isinstance(said, Because):
        return LeftToPeople.of(tenant, said)
    try:
        content = meant_by(said, tenant)
    except (TypeError, ValueError):
        return LeftToPeople.of(tenant, Because.UNSENDABLE)
    if isinstance(content, NoReply | LeftToPeople):
        return content
    if row.is_late(timezone.now()):
        return LeftToPeople.of(tenant, Because.TIMEOUT)
    return answer_of(row, conversation, content)


def answer_of(
    row: DeferredReply, conversation: Conversation, content: Content
) -> Message | LeftToPeople:
    tenant = conversation.channel.tenant
    try:
        ready = sendable(conversation, content)
    except Unsendable as refusal:
        is_late = any(fault.code == FaultCode.WINDOW_CLOSED for fault in refusal.faults)
        because = Because.TIMEOUT if is_late else Because.UNSENDABLE
        return LeftToPeople.of(tenant, because, " ".join(map(str, refusal.faults)))
    return new_messages.answer_to(
        row.message, content, ready.body, to=ready.to, expires_at=row.deadline
    )


def obstacle_of(conversation: Conversation) -> Unanswered | None:
    """Return why nothing is to be answered in a conversation any more."""
    now, channel = timezone.now(), conversation.channel
    answering = conversation.answering_at(now)
    owner = conversation.owner_at(now)
    answered = Message.objects.answered_lately([conversation.contact], now)
    obstacles = {
        Unanswered.BLOCKED: conversation.contact.blocked_at is not None,
        Unanswered.NOT_OURS: owner == ThreadOwner.OTHER,
        Unanswered.IDLE: owner == ThreadOwner.NOBODY and channel.keeps_off_idle_threads,
        Unanswered.SUSPENDED: channel.tenant.status != Tenant.Status.ACTIVE,
        Unanswered.PEOPLE: answering == Answering.WAITING,
        Unanswered.PAUSED: answering == Answering.PERSON,
        Unanswered.LIMIT: not ReplyLimit(answered).allows(conversation.contact, channel.tenant),
    }
    return next((reason for reason, applies in obstacles.items() if applies), None)
