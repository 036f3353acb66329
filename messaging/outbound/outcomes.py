"""Record the outcomes of POSTs: of those that were answered, and of those that never will be."""

import logging
from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError

from channels_app import event_log
from channels_app.lifecycle.parking import park, unpark
from channels_app.models import Channel
from messaging.contacts.opting_out import opt_out
from messaging.contacts.recipient_ids import recognise
from messaging.conversations import ownership
from messaging.database_errors import is_the_databases
from messaging.failures import log_failure
from messaging.logged.messages import of_statuses
from messaging.metrics.outbound import POSTED
from messaging.models import Attempt, ChannelPace, Conversation, Message, MessageStatus
from messaging.models.outcome import Outcome
from messaging.outbound import simulated_statuses
from messaging.outbound.dispatch import Result
from messaging.progress import log_outcomes
from tenants.origins import fault_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

# the channel works: its next messages may leave
ANSWERS = {Message.Status.ACCEPTED, Message.Status.FAILED}


def settle(results: list[Result]) -> list[Result]:
    """Park refused channels, record the outcomes, and apply what they say of contacts, windows,
    paces and channels.

    Returns the results whose channels or messages somebody else holds locked: they are to be
    settled again.
    """
    # Parked first: an outcome that is recorded makes room for more messages of its channel.
    locked = park(result.refusal for result in results if result.refusal)
    recorded = record_all(
        [result for result in results if not (result.refusal and result.channel.id in locked)]
    )
    log_outcomes(result.outcome for result in recorded)
    apply_outcomes(recorded)
    simulated_statuses.report(recorded)
    message_ids = {result.outcome.message_id for result in recorded}
    return [result for result in results if result.outcome.message_id not in message_ids]


def apply_outcomes(recorded: list[Result]) -> None:
    """Apply what outcomes change beyond their messages. A conversation or a contact that somebody
    else holds locked is left: the provider refuses the next message, too.
    """
    for result in recorded:
        outcome, channel = result.outcome, result.channel
        if outcome.status == Message.Status.FAILED:
            log_failure(
                outcome.message_id, channel.tenant_id, channel.id, outcome.error_code, outcome.error
            )
    closing = [each.outcome.message_id for each in recorded if each.outcome.closes_window]
    opting_out = [each.outcome.message_id for each in recorded if each.outcome.opts_out]
    if closing or opting_out:
        with router_scope():
            Conversation.objects.close_windows(closing)
            opt_out(opting_out)
    apply_owners(recorded)
    for result in recorded:
        if (
            result.outcome.status == Message.Status.ACCEPTED
            and result.channel.status in Channel.PARKED
        ):
            unpark(result.channel, Channel.Recovery.PROBE)
    recognise(
        (result.outcome.message_id, result.channel, result.recipient)
        for result in recorded
        if result.recipient
    )


def apply_owners(recorded: list[Result]) -> None:
    """Apply what outcomes say of who has the thread, where several responders share the channel: a
    refusal says that it is another's, and what was accepted has taken it.
    """
    refused = {
        each.outcome.message_id: each.outcome.started_at
        for each in recorded
        if each.outcome.is_anothers
    }
    accepted = {
        each.outcome.message_id: each.outcome.started_at
        for each in recorded
        if each.outcome.status == Message.Status.ACCEPTED and each.channel.shared_at
    }
    if refused or accepted:
        with router_scope():
            ownership.refused(refused)
            ownership.taken_by_writing(accepted)


def record_all(results: list[Result]) -> list[Result]:
    """Record the outcomes, one by one where one of them cannot be. Returns the results that were
    recorded.
    """
    try:
        with router_scope():
            record([result.outcome for result in results])
            learn(results)
        return results
    except (DataError, IntegrityError, OperationalError) as error:
        if is_the_databases(error):
            raise
        # none shall wait for another
        recorded = [result for result in results if record_alone(result.outcome)]
        with router_scope():
            learn(recorded)
        return recorded


def record(outcomes: list[Outcome]) -> None:
    """Record outcomes and attempts, within a scope of the pipeline."""
    ids = [outcome.message_id for outcome in outcomes]
    Message.objects.lock(ids)
    moved = Message.objects.settle(outcomes)
    Attempt.objects.record(outcomes)
    moved += MessageStatus.objects.match_waiting(ids)
    Attempt.objects.note_doubles(ids)
    event_log.append(of_statuses(moved))


def record_alone(outcome: Outcome) -> bool:
    """Record one outcome. Returns False if its message is locked. What the database refuses to
    store leaves it unknown.
    """
    try:
        with router_scope(lock_timeout="200ms"):
            record([outcome])
    except OperationalError as error:
        if is_the_databases(error):
            raise
        return False
    except (DataError, IntegrityError) as error:
        logger.error(
            "The outcome of message %s could not be stored (%s).",
            outcome.message_id,
            fault_of(error),
        )
        words = "The provider's answer could not be stored."
        unknown = Outcome(
            message_id=outcome.message_id, attempt=outcome.attempt, status="unknown", error=words
        )
        with router_scope():
            record([unknown])
    return True


def learn(results: list[Result]) -> None:
    """Update the channels' paces. Nobody waits for a pace that somebody holds locked: what is not
    learned now is learned from the next answer.
    """
    answered = Counter(result.channel.id for result in results if result.outcome.status in ANSWERS)
    slowed: dict[UUID, timedelta] = {}
    for result in results:
        if result.slows:
            slowed[result.channel.id] = max(
                slowed.get(result.channel.id, timedelta(0)), result.outcome.retry_in
            )
    accounts = {result.channel.id for result in results if result.slows == "account"}
    ChannelPace.objects.learn(answered, slowed, accounts)


def give_up_waiting() -> None:
    """Mark messages as unknown whose answer never came: a status settles them, or an operator.
    Within a scope of the pipeline.
    """
    if lost := Message.objects.lost(unknown_after=settings.UNKNOWN_AFTER_SECONDS):
        moved = Message.objects.settle(lost)
        Attempt.objects.record(lost)
        event_log.append(of_statuses(moved))
        POSTED.labels("unknown").inc(len(lost))
        logger.warning(
            "%s messages have no known outcome; a status will settle them, or an operator.",
            len(lost),
        )
