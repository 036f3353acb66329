"""What we answer by ourselves.

A strategy is pure: it sees the message (with its channel and tenant) and returns what is to be said, or None. It runs within
the batch that records messages of many tenants, so it asks neither the database nor the network. REPLY_STRATEGY names the
class.
"""

import logging
from collections import Counter
from datetime import timedelta
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
from tenants.models import Tenant

logger = logging.getLogger(__name__)

TEXT_LENGTH = 4096  # what a text may have; a strategy that says more is cut short
NEVER_ANSWERED = {"reaction", "system", "unsupported", "unknown", "edit", "revoke", "request_welcome"}  # nobody waits for one
LATE = timedelta(seconds=60)  # this much older than its conversation's newest message: it was answered for already
FORGOTTEN = timedelta(days=7)  # a provider repeats a webhook for this long


class Strategy(Protocol):
    def reply_to(self, message: Message) -> Content | str | None:
        """The answer (a plain text is cleaned and cut to what a message may have), or None for none."""


class StaticReply:
    """The channel's text, else the tenant's, else none."""

    def reply_to(self, message: Message) -> str | None:
        return message.channel.auto_reply or message.channel.tenant.auto_reply or None


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
    """The automatic answers to messages that were just received, not stored yet."""
    answers = []
    for message, routed, place, contact in zip(messages, arrived, places, contacts, strict=True):
        event = routed.arrival.event
        if not isinstance(event, InboundMessage) or contact.blocked_at:
            continue
        if brake.allows(contact, routed.channel.tenant) and (answer := reply_to(message, event, place)):
            brake.count(contact)
            answers.append(answer)
    return answers


def reply_to(message: Message, event: InboundMessage, place: Place) -> Message | None:
    """The automatic answer to one message; None where there is to be none."""
    if not may_answer(message, event, place):
        return None
    try:
        answer = content_of(strategy(settings.REPLY_STRATEGY).reply_to(message))
        body = providers.get(message.channel.kind).compose(answer) if answer else {}
    except Exception as error:  # a strategy's fault never costs a message
        logger.error("The reply strategy failed on message %s (%s).", message.id, type(error).__name__)
        return None
    if answer is None:
        return None
    expires_at = place.sent_at + timedelta(seconds=settings.AUTO_REPLY_TTL_SECONDS)
    return message.answer(answer, body, to=event.reply_to, expires_at=expires_at)


def content_of(answer: Content | str | None) -> Content | None:
    return Text(body=storable_text(answer, TEXT_LENGTH)) if isinstance(answer, str) and answer else answer or None


def may_answer(message: Message, event: InboundMessage, place: Place) -> bool:
    """Somebody waits for an answer, now, the tenant is there to give it, and staff do not. A group is not answered."""
    is_paused = place.paused_until is not None and place.sent_at < place.paused_until
    is_superseded = place.previous_inbound_at is not None and place.sent_at < place.previous_inbound_at - LATE
    return (
        message.kind not in NEVER_ANSWERED
        and not event.group_external_id
        and message.channel.tenant.status == Tenant.Status.ACTIVE
        and message.created_at - place.sent_at < FORGOTTEN
        and not is_superseded
        and not is_paused
    )
