"""Decide which messages are answered automatically, and with what; each of the others keeps the
reason why it is not.

The rate limit of replies, the age of a message and whether anybody waits for an answer are decided
here; what is said is the strategy's.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from channels_app import providers
from channels_app.content import Content, Text
from channels_app.events import (
    InboundMessage,
    MessageEvent,
    StandbyMessage,
    ThreadNotice,
    ThreadOwner,
)
from channels_app.storable import storable_text
from messaging.arrivals import Routed
from messaging.models import Contact, Message, new_messages
from messaging.models.places import Place
from messaging.models.unanswered import Unanswered
from messaging.replies.strategy import NoReply, strategy
from tenants.models import Tenant
from tenants.origins import origin_of

logger = logging.getLogger(__name__)

TEXT_LENGTH = 4096  # what a text may have; a strategy that says more is cut short
# nobody waits for one
NEVER_ANSWERED = {
    "reaction",
    "system",
    "unsupported",
    "unknown",
    "edit",
    "revoke",
    "request_welcome",
}
NOT_TO_US = {StandbyMessage: Unanswered.STANDBY, ThreadNotice: Unanswered.KIND}
# this much older than its conversation's newest message: it was answered for already
STALE_AFTER = timedelta(seconds=60)
REDELIVERY_HORIZON = timedelta(days=7)  # a provider repeats a webhook for this long


class ReplyLimit:
    """Lets each contact have as many automatic answers an hour as its tenant allows: two machines
    would talk for ever.
    """

    def __init__(self, answered: Counter[UUID]) -> None:
        self.answered = answered

    def allows(self, contact: Contact, tenant: Tenant) -> bool:
        return self.answered[contact.id] < tenant.replies_per_hour

    def count(self, contact: Contact) -> None:
        self.answered[contact.id] += 1


def answers_to(
    messages: list[Message],
    arrived: list[Routed[MessageEvent]],
    places: list[Place],
    contacts: list[Contact],
    limit: ReplyLimit,
) -> list[Message]:
    """Return the automatic answers to messages that were just received, not stored yet.

    Each of these messages that gets none keeps the reason (`unanswered`).
    """
    answers = []
    for message, routed, place, contact in zip(messages, arrived, places, contacts, strict=True):
        if message.direction != Message.Direction.INBOUND:
            continue
        answer = answer_to(message, routed.arrival.event, place, contact, limit)
        if isinstance(answer, NoReply):
            message.unanswered = answer.reason
        else:
            limit.count(contact)
            answers.append(answer)
    return answers


def answer_to(
    message: Message, event: MessageEvent, place: Place, contact: Contact, limit: ReplyLimit
) -> Message | NoReply:
    """Return the automatic answer to one received message, or why it gets none."""
    if not isinstance(event, InboundMessage):
        return NoReply(NOT_TO_US.get(type(event), Unanswered.HISTORY))
    if reason := obstacle_of(message, event, place, contact):
        return NoReply(reason)
    if not limit.allows(contact, message.channel.tenant):
        return NoReply(Unanswered.LIMIT)
    return reply_to(message, event, place)


def obstacle_of(
    message: Message, event: InboundMessage, place: Place, contact: Contact
) -> Unanswered | None:
    """Return why nobody waits for an answer or nobody is there to give it; None where the strategy
    is to be asked.
    """
    owner = place.ownership.owner_at(message.created_at) if place.ownership else ""
    obstacles = {
        Unanswered.GROUP: bool(event.group_external_id),
        Unanswered.KIND: message.kind in NEVER_ANSWERED,
        Unanswered.BLOCKED: contact.blocked_at is not None,
        Unanswered.NOT_OURS: owner == ThreadOwner.OTHER,
        Unanswered.IDLE: owner == ThreadOwner.NOBODY and message.channel.keeps_off_idle_threads,
        Unanswered.SUSPENDED: message.channel.tenant.status != Tenant.Status.ACTIVE,
        Unanswered.TOO_OLD: message.created_at - place.sent_at >= REDELIVERY_HORIZON,
        Unanswered.SUPERSEDED: is_before(
            place.sent_at, place.previous_inbound_at, by_more_than=STALE_AFTER
        ),
        Unanswered.PAUSED: is_before(place.sent_at, place.paused_until),
    }
    return next((reason for reason, applies in obstacles.items() if applies), None)


def is_before(
    moment: datetime, other: datetime | None, by_more_than: timedelta = timedelta(0)
) -> bool:
    return other is not None and moment < other - by_more_than


def reply_to(message: Message, event: InboundMessage, place: Place) -> Message | NoReply:
    """Return the strategy's answer to one message, or why there is none. A strategy's fault never
    costs a message.
    """
    try:
        said = strategy(settings.REPLY_STRATEGY).reply_to(message)
        if isinstance(said, NoReply):
            return NoReply(Unanswered(said.reason))
        content = content_of(said)
        if content is None:
            return NoReply(Unanswered.DECLINED)
        body = providers.get(message.channel.kind).compose(content)
    except Exception as error:
        sentence = "The reply strategy failed on message %s of tenant %s (%s at %s)."
        logger.error(
            sentence, message.id, message.tenant_id, type(error).__name__, origin_of(error)
        )
        return NoReply(Unanswered.FAILED)
    expires_at = place.sent_at + timedelta(seconds=settings.AUTO_REPLY_TTL_SECONDS)
    return new_messages.answer_to(message, content, body, to=event.reply_to, expires_at=expires_at)


def content_of(said: Content | str | None) -> Content | None:
    """Return what is to be sent; an empty text says nothing."""
    if isinstance(said, str) and said:
        return Text(body=storable_text(said, TEXT_LENGTH))
    return said or None
