"""Outwards: lease, mark, POST, outcome. A message is marked and committed before its POST, and no outcome brings a second POST
unless the provider has said that it did not take the first.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError

from channels_app import providers
from channels_app.events import ID_BYTES, KIND_LENGTH, storable_text
from channels_app.models import Channel
from channels_app.providers import SendError
from channels_app.sealing import CannotOpen
from messaging import sql
from messaging.faults import is_the_databases
from messaging.models import Conversation, Message, MessageStatus
from messaging.models.message import Outcome
from messaging.references import reference
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

PER_CHANNEL = 8  # under way at once of one channel, so that a storm or a hanging number leaves room for the others
POST_WITHIN_SECONDS = 5  # of the mark: a process that slept longer gives the message back
UNOPENED = "The channel's token is missing, or does not open with the keys of this process."
LONGEST_WAIT = timedelta(hours=24)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600)]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A marked message on its way to its provider."""

    message: Message
    channel: Channel
    post_before: float  # by time.monotonic()


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome, and whether it says that the channel's credentials no longer work."""

    outcome: Outcome
    refused_channel: Channel | None = None


def lease(token: UUID, after: UUID, at_most: int, per_channel: int = PER_CHANNEL, busy: Iterable[UUID] = ()) -> list[Message]:
    """Sendable messages, ours for SEND_LEASE_SECONDS: the first of each conversation, the channels in turn from `after`."""
    with router_scope():
        return Message.objects.lease(
            lease=token,
            after=after,
            at_most=at_most,
            per_channel=per_channel,
            busy=list(busy),
            seconds=settings.SEND_LEASE_SECONDS,
        )


def unlease(token: UUID) -> None:
    with router_scope():
        Message.objects.unlease(token)


def mark(ids: list[UUID], token: UUID) -> list[Dispatch]:
    """Commit that these are being sent; only the ones that may be are returned."""
    started = time.monotonic()
    with router_scope():
        marked = Message.objects.mark(ids, lease=token, unknown_after=settings.UNKNOWN_AFTER_SECONDS)
        sending = [message for message in marked if message.status == Message.Status.SENDING]
        channels = Channel.objects.in_bulk({message.channel_id for message in sending})
    return [Dispatch(message, channels[message.channel_id], started + POST_WITHIN_SECONDS) for message in sending]


def post(dispatch: Dispatch) -> Result:
    """Ask the provider to send it. Runs in a thread of its own and never touches the database."""
    message, channel = dispatch.message, dispatch.channel
    if time.monotonic() > dispatch.post_before:
        return outcome(message, status="queued", error="It was marked, and not sent in time.")
    try:
        external_id = providers.get(channel.kind).send_text(
            channel, to=message.recipient, text=message.text, reference=reference(message.id, message.attempts)
        )
    except SendError as error:
        return refused(dispatch, error)
    except (CannotOpen, providers.UnknownProvider, KeyError):
        logger.error("The token of channel %s does not open in this process.", channel.id)
        return refused(dispatch, SendError(UNOPENED, then="queued"))  # while keys rotate, another process may have it
    except Exception as error:  # the POST may have left: it is not asked again
        logger.error("Sending message %s failed (%s).", message.id, type(error).__name__)
        return outcome(message, status="unknown", error=f"The provider's code failed ({type(error).__name__}).")
    return outcome(message, status="accepted", external_id=external_id)


def refused(dispatch: Dispatch, error: SendError) -> Result:
    """What the provider's refusal makes of the message, and of its channel where that must be repaired first."""
    result = outcome(
        dispatch.message,
        status=error.then,
        error_code=storable_text(error.code, KIND_LENGTH),
        error=storable_text(str(error), ID_BYTES),
        retry_in=waiting_time(error, dispatch.message.attempts),
        closes_window=error.closes_window,
    )
    return Result(result.outcome, dispatch.channel if error.then == "held" else None)


def waiting_time(error: SendError, attempts: int) -> timedelta:
    """Before the next try: the provider's own word, growing as it says, or our ladder."""
    if error.retry_in is None:
        return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return min(error.retry_in * error.growth ** min(attempts - 1, 10), LONGEST_WAIT)


def outcome(message: Message, **what: object) -> Result:
    return Result(Outcome(message_id=message.id, attempt=message.attempts, **what))  # type: ignore[arg-type]


def settle(results: list[Result]) -> list[Result]:
    """Record outcomes, park the channels whose credentials were refused, and close the windows that the provider has closed.

    Returns the results whose messages somebody else holds locked: they are to be settled again.
    """
    try:
        record([result.outcome for result in results])
        blocked = []
    except (DataError, IntegrityError, OperationalError) as error:
        if is_the_databases(error):
            raise
        blocked = [result for result in results if not record_alone(result.outcome)]  # none shall wait for another
    settled = [result for result in results if result not in blocked]
    with router_scope():
        park([result for result in settled if result.refused_channel])
        Conversation.objects.close_windows([each.outcome.message_id for each in settled if each.outcome.closes_window])
    return blocked


def record(outcomes: list[Outcome], lock_timeout: str = "2s") -> None:
    with router_scope(lock_timeout):
        Message.objects.settle(outcomes)
        MessageStatus.objects.match_waiting([outcome.message_id for outcome in outcomes])


def record_alone(outcome: Outcome) -> bool:
    """One outcome; False: its message is locked. What the database refuses to store leaves the message unknown."""
    try:
        record([outcome], lock_timeout="200ms")
    except OperationalError as error:
        if is_the_databases(error):
            raise
        return False
    except (DataError, IntegrityError) as error:
        logger.error("The outcome of message %s could not be stored (%s).", outcome.message_id, type(error).__name__)
        words = "The provider's answer could not be stored."
        record([Outcome(message_id=outcome.message_id, attempt=outcome.attempt, status="unknown", error=words)])
    return True


def park(results: list[Result]) -> None:
    """Channels whose credentials were refused need reconnecting."""
    channels = {each.refused_channel.id: (each.refused_channel, each.outcome.error) for each in results if each.refused_channel}
    if channels:
        sql.run(
            "park_channels",
            ids=list(channels),
            credentials=[channel.credentials for channel, _ in channels.values()],
            reasons=[reason for _, reason in channels.values()],
        )


def sweep() -> None:
    """What heals by itself: lost outcomes become unknown, released messages due, crossed statuses count."""
    with router_scope():
        lost = Message.objects.give_up_waiting()
        Message.objects.release()
    with router_scope():
        MessageStatus.objects.match_all_waiting()
    if lost:
        logger.warning("%s messages have no known outcome; a status will settle them, or an operator.", lost)
