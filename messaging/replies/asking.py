"""Ask the strategy that is chosen for a message's channel."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from channels_app import providers
from channels_app.content import Unsendable
from messaging.models import DeferredReply, ReplyChoice, new_messages
from messaging.models.answering import Because, LeftToPeople
from messaging.models.places import Place
from messaging.models.reply_choice import Chosen
from messaging.models.reply_window import window_after
from messaging.replies import registry
from messaging.replies.decided import Outcome
from messaging.replies.meaning import meant_by
from messaging.replies.obstacles import Received
from messaging.replies.strategy import Later, NoReply, Said, SlowStrategy, Strategy
from tenants.origins import origin_of

logger = logging.getLogger(__name__)


def reply_to(received: Received, choices: Mapping[UUID, ReplyChoice]) -> Outcome:
    """Return the strategy's answer to one message, or what stands in its place. A strategy's fault
    never costs a message: people are asked.
    """
    message = received.message
    choice = choices.get(message.channel_id)
    chosen = choice.chosen() if choice else Chosen(settings.REPLY_STRATEGY)
    try:
        strategy = registry.strategy(chosen)
        said = strategy.reply_to(message)
        if isinstance(said, Later):
            return deferred(received, said, strategy, chosen)
        return outcome_of(said, received)
    except Unsendable as refusal:
        note = " ".join(map(str, refusal.faults))
        told = "The reply strategy gave what cannot be sent on message %s of tenant %s."
        logger.error(told, message.id, message.tenant_id)
        return LeftToPeople.of(message.channel.tenant, Because.UNSENDABLE, note)
    except Exception as error:
        sentence = "The reply strategy failed on message %s of tenant %s (%s at %s)."
        logger.error(
            sentence, message.id, message.tenant_id, type(error).__name__, origin_of(error)
        )
        return LeftToPeople.of(message.channel.tenant, Because.FAILED)


def deferred(received: Received, later: Later, strategy: Strategy, chosen: Chosen) -> DeferredReply:
    """Return the row of an answer that is asked for later. Raises TypeError where the strategy has
    none.
    """
    if not isinstance(strategy, SlowStrategy):
        raise TypeError(f"{type(strategy).__name__} says Later and has no method answer.")
    message, place = received.message, received.place
    longest = timedelta(seconds=settings.DEFERRED_REPLY_LIMIT_SECONDS)
    ends = (
        message.created_at + min(later.within or longest, longest),
        expiry_of(place),
        window_after(place.sent_at, message.channel.kind),
    )
    return DeferredReply(
        tenant_id=message.tenant_id,
        message=message,
        conversation_id=place.conversation_id,
        strategy=chosen.strategy,
        settings=json.loads(chosen.settings),
        deadline=min(filter(None, ends)),
    )


def outcome_of(said: Said, received: Received) -> Outcome:
    """Return what a strategy's word becomes. Raises Unsendable."""
    message, event, place = received.message, received.event, received.place
    content = meant_by(said, message.channel.tenant)
    if isinstance(content, NoReply | LeftToPeople):
        return content
    body = providers.get(message.channel.kind).compose(content)
    return new_messages.answer_to(
        message, content, body, to=event.reply_to, expires_at=expiry_of(place)
    )


def expiry_of(place: Place) -> datetime:
    """Return when an automatic answer is not worth sending any more."""
    return place.sent_at + timedelta(seconds=settings.AUTO_REPLY_TTL_SECONDS)
