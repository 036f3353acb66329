"""What we answer by ourselves.

A strategy is pure: it sees the message (with its channel and tenant) and returns what is to be said, or nothing. It runs within
the batch that records messages of many tenants, so it asks neither the database nor the network. REPLY_STRATEGY names the
class.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from channels_app import providers
from channels_app.content import Content, Text
from channels_app.events import InboundMessage, MessageEvent
from channels_app.storable import storable_text
from messaging.arrivals import Routed
from messaging.models import Contact, Message
from messaging.models.conversation import Place
from messaging.models.unanswered import Unanswered
from tenants.models import Tenant
from tenants.origins import origin_of

logger = logging.getLogger(__name__)

TEXT_LENGTH = 4096  # what a text may have; a strategy that says more is cut short
NEVER_ANSWERED = {"reaction", "system", "unsupported", "unknown", "edit", "revoke", "request_welcome"}  # nobody waits for one
LATE = timedelta(seconds=60)  # this much older than its conversation's newest message: it was answered for already
FORGOTTEN = timedelta(days=7)  # a provider repeats a webhook for this long


@dataclass(frozen=True, slots=True)
class NoReply:
    """What a strategy returns instead of None to say why it gives no reply."""

    reason: Unanswered


class Strategy(Protocol):
    def reply_to(self, message: Message) -> Content | str | NoReply | None:
        """Return the answer (a plain text is cleaned and cut to what a message may have), or None or NoReply for none."""


class StaticReply:
    """The channel's text, else the tenant's, else none."""

    def reply_to(self, message: Message) -> str | NoReply:
        return message.channel.auto_reply or message.channel.tenant.auto_reply or NoReply(Unanswered.NO_TEXT)


@cache
def strategy(path: str) -> Strategy:
    return import_string(path)()


class Brake:
    """Lets each contact have as many automatic answers an hour as its tenant allows: two machines would talk for ever."""

    def __init__(self, answered: Counter[UUID]) -> None:
        self.answered = answered

    def allows(self, contact: Contact, tenant: Tenant) -> bool:
        return self.answered[contact.id] < tenant.replies_per_hour

    def count(self, contact: Contact) -> None:
        self.answered[contact.id] += 1


def answers_to(
    messages: list[Message], arrived: list[Routed[MessageEvent]], places: list[Place], contacts: list[Contact], brake: Brake
) -> list[Message]:
    """Return the automatic answers to messages that were just received, not stored yet.

    Each of these messages that gets none is told why (`unanswered`).
    """
    answers = []
    for message, routed, place, contact in zip(messages, arrived, places, contacts, strict=True):
        if message.direction != Message.Direction.INBOUND:
            continue
        answer = answer_to(message, routed.arrival.event, place, contact, brake)
        if isinstance(answer, NoReply):
            message.unanswered = answer.reason
        else:
            brake.count(contact)
            answers.append(answer)
    return answers


def answer_to(message: Message, event: MessageEvent, place: Place, contact: Contact, brake: Brake) -> Message | NoReply:
    """Return the automatic answer to one received message, or why it gets none."""
    if not isinstance(event, InboundMessage):
        return NoReply(Unanswered.HISTORY)
    if reason := obstacle_of(message, event, place, contact):
        return NoReply(reason)
    if not brake.allows(contact, message.channel.tenant):
        return NoReply(Unanswered.LIMIT)
    return reply_to(message, event, place)


def obstacle_of(message: Message, event: InboundMessage, place: Place, contact: Contact) -> Unanswered | None:
    """Return why nobody waits for an answer or nobody is there to give it; None where the strategy is to be asked."""
    obstacles = {
        Unanswered.GROUP: bool(event.group_external_id),
        Unanswered.KIND: message.kind in NEVER_ANSWERED,
        Unanswered.BLOCKED: contact.blocked_at is not None,
        Unanswered.SUSPENDED: message.channel.tenant.status != Tenant.Status.ACTIVE,
        Unanswered.TOO_OLD: message.created_at - place.sent_at >= FORGOTTEN,
        Unanswered.SUPERSEDED: is_before(place.sent_at, place.previous_inbound_at, by_more_than=LATE),
        Unanswered.PAUSED: is_before(place.sent_at, place.paused_until),
    }
    return next((reason for reason, applies in obstacles.items() if applies), None)


def is_before(moment: datetime, other: datetime | None, by_more_than: timedelta = timedelta(0)) -> bool:
    return other is not None and moment < other - by_more_than


def reply_to(message: Message, event: InboundMessage, place: Place) -> Message | NoReply:
    """Return the strategy's answer to one message, or why there is none. A strategy's fault never costs a message."""
    try:
        said = strategy(settings.REPLY_STRATEGY).reply_to(message)
        if isinstance(said, NoReply):
            return NoReply(Unanswered(said.reason))
        content = content_of(said)
        if content is None:
            return NoReply(Unanswered.DECLINED)
        body = providers.get(message.channel.kind).compose(content)
    except Exception as error:
        told = "The reply strategy failed on message %s of tenant %s (%s at %s)."
        logger.error(told, message.id, message.tenant_id, type(error).__name__, origin_of(error))
        return NoReply(Unanswered.FAILED)
    expires_at = place.sent_at + timedelta(seconds=settings.AUTO_REPLY_TTL_SECONDS)
    return message.answer(content, body, to=event.reply_to, expires_at=expires_at)


def content_of(said: Content | str | None) -> Content | None:
    """Return what is to be sent; an empty text says nothing."""
    if isinstance(said, str) and said:
        return Text(body=storable_text(said, TEXT_LENGTH))
    return said or None
