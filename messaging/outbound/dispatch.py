"""Outwards: lease, mark, POST, outcome. A message is marked and committed before its POST, and no
outcome brings a second POST unless the provider has said that it did not take the first.
"""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from channels_app import event_log, providers
from channels_app.content import Text
from channels_app.events import ContactEvent
from channels_app.lifecycle.parking import Refusal
from channels_app.models import Channel
from channels_app.providers import Accepted, SendError
from channels_app.storable import ID_BYTES, KIND_LENGTH, storable_text
from messaging.database_errors import is_the_databases
from messaging.logged.messages import of_statuses
from messaging.metrics.outbound import POST_SECONDS, QUEUED_TO_POSTED
from messaging.models import ChannelPace, Message
from messaging.models.outcome import Outcome
from messaging.outbound.retry import waiting_time
from messaging.outbound.window import windows
from messaging.references import reference
from tenants.encryption import CannotOpen
from tenants.models.uuid7 import time_of
from tenants.origins import origin_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A marked message on its way to its provider."""

    message: Message
    channel: Channel
    post_before: float  # by time.monotonic()
    file_id: str  # the provider's id of the file that it carries


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome, and what it says of its channel: `slows` whose messages rest ("channel",
    "account"), and its refusal; `recipient`: by which other ids the provider knows whom it goes to.
    """

    outcome: Outcome
    channel: Channel
    slows: str = ""
    refusal: Refusal | None = None
    recipient: ContactEvent | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a lease brought. `reached`: the last channel whose turn it was; None: all that have
    something due had theirs. `put_behind`: how many were due that wait for others.
    """

    messages: list[Message]
    reached: UUID | None
    put_behind: int = 0


def lease(
    token: UUID, *, after: UUID, at_most: int, per_channel: int, under_way: Counter[UUID]
) -> Turn:
    """Sendable messages, ours for SEND_LEASE_SECONDS: the channels in turn from `after`, each as
    fast as its pace allows.
    """
    full = [channel_id for channel_id, count in under_way.items() if count >= per_channel]
    with router_scope():
        turn = Message.objects.channels_in_turn(after=after, at_most=at_most, full=full)
    if not turn:
        return Turn([], reached=None)
    open_paces([each for each in turn if not each["is_paced"]])
    with router_scope():
        claimed = ChannelPace.objects.claim([each["channel_id"] for each in turn])
        messages, put_behind = Message.objects.lease(
            claimed,
            lease=token,
            at_most=at_most,
            room=[per_channel - under_way[channel_id] for channel_id in claimed],
            seconds=settings.SEND_LEASE_SECONDS,
            over_after=max(
                0.0,
                settings.UNKNOWN_AFTER_SECONDS
                - settings.SEND_TIMEOUT_SECONDS
                - settings.POST_WITHIN_SECONDS,
            ),
        )
    reached = turn[-1]["channel_id"] if len(turn) == at_most else None
    return Turn(messages, reached, put_behind)


def open_paces(channels: list[Mapping]) -> None:
    """For channels that send for the first time. One that another process opens just now has its
    turn again later.
    """
    try:
        open_together(channels)
    except OperationalError as error:
        if is_the_databases(error):
            raise
        for channel in channels:  # none shall wait for another
            with suppress(OperationalError):
                open_together([channel])


def open_together(channels: list[Mapping]) -> None:
    if channels:
        with router_scope(lock_timeout="100ms"):
            ChannelPace.objects.open(channels)


def is_paced() -> bool:
    """Whether something due waits for nothing but its channel's rate."""
    with router_scope():
        return ChannelPace.objects.are_any_waiting()


def unlease(token: UUID) -> None:
    with router_scope():
        Message.objects.unlease(token)


def mark(ids: list[UUID], token: UUID) -> list[Dispatch]:
    """Commit that these are being sent; only the ones that may be are returned."""
    started = time.monotonic()
    with router_scope():
        marked = Message.objects.mark(
            ids, lease=token, unknown_after=settings.UNKNOWN_AFTER_SECONDS, **windows()
        )
        event_log.append(of_statuses(message for message, _ in marked))
        sending = [
            (message, file_id)
            for message, file_id in marked
            if message.status == Message.Status.SENDING
        ]
        channels = Channel.objects.in_bulk({message.channel_id for message, _ in sending})
    post_before = started + settings.POST_WITHIN_SECONDS
    return [
        Dispatch(message, channels[message.channel_id], post_before, file_id)
        for message, file_id in sending
    ]


def post(dispatch: Dispatch) -> Result:
    """Ask the provider to send it. Runs in a thread of its own and never touches the database."""
    message, channel, started = dispatch.message, dispatch.channel, timezone.now()
    if time.monotonic() > dispatch.post_before:
        late = "It was marked, and not sent in time."
        return result(dispatch, started, status="queued", error=late)
    try:
        accepted = send(dispatch)
    except SendError as error:
        return refused(dispatch, started, error)
    except (CannotOpen, providers.UnknownProvider) as error:
        told = "Channel %s of tenant %s cannot send from this process: %s"
        logger.error(told, channel.id, channel.tenant_id, error)
        # while keys rotate, or a release is rolled out, another process may be able to
        return refused(dispatch, started, SendError(str(error), then="queued"))
    except Exception as error:  # the POST may have left: it is not asked again
        name = type(error).__name__
        logger.error("Sending message %s failed (%s at %s).", message.id, name, origin_of(error))
        failed = f"The provider's code failed ({name})."
        return result(dispatch, started, status="unknown", error=failed)
    settled = result(
        dispatch, started, status="accepted", external_id=accepted.external_id, http_status=200
    )
    return Result(settled.outcome, channel, recipient=accepted.recipient)


def send(dispatch: Dispatch) -> Accepted:
    message, provider = dispatch.message, providers.acting_for(dispatch.channel)
    if message.attempts == 1:
        QUEUED_TO_POSTED.observe((timezone.now() - time_of(message.id)).total_seconds())
    # what an earlier release queued has its text alone
    composed = message.raw or provider.compose(Text(body=message.text))
    with POST_SECONDS.time():
        return provider.send(
            dispatch.channel,
            composed,
            to=message.recipient,
            reference=reference(message.id, message.attempts),
            quoting=message.quoted_external_id,
            file_id=dispatch.file_id,
        )


def refused(dispatch: Dispatch, started: datetime, error: SendError) -> Result:
    """What the provider's refusal makes of the message, and of its channel."""
    reason = storable_text(str(error), ID_BYTES)
    is_last = 0 < error.tries < dispatch.message.attempts
    plain = result(
        dispatch,
        started,
        status="failed" if is_last else error.then,
        http_status=error.http_status,
        error_code=storable_text(error.code, KIND_LENGTH),
        error=reason,
        retry_in=waiting_time(error, dispatch.message.attempts),
        closes_window=error.closes_window,
        opts_out=error.opts_out,
        is_anothers=error.is_anothers,
    )
    refusal = (
        Refusal(dispatch.channel, error.parks, reason, error.recovers_by, error.code)
        if error.parks
        else None
    )
    return Result(plain.outcome, plain.channel, error.slows, refusal)


def result(dispatch: Dispatch, started: datetime, **what: object) -> Result:
    message = dispatch.message
    outcome = Outcome(message_id=message.id, attempt=message.attempts, started_at=started, **what)  # type: ignore[arg-type]
    return Result(outcome, dispatch.channel)
