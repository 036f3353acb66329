"""Record a batch of items in one transaction, then apply what they change beside their rows."""

import logging
import random
import time
from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError

from channels_app import event_log
from messaging.contacts import resolution
from messaging.database_errors import RETRY_NOW
from messaging.inbound import channel_updates, erased_items, history_files, redaction, routing
from messaging.inbound.batches import Batch
from messaging.inbound.side_effects import apply_side_effects
from messaging.logged.messages import of_arrivals, of_statuses
from messaging.logged.owners import of_owners
from messaging.media import tasks
from messaging.metrics.inbound import note_batch
from messaging.metrics.replies import note_decided
from messaging.models import (
    Attempt,
    Conversation,
    DeadLetter,
    Media,
    Message,
    MessageStatus,
    OwnerChange,
    ReplyChoice,
    ThreadOrder,
    WebhookDelivery,
    new_messages,
)
from messaging.models.places import shared_threads
from messaging.progress import log_recorded
from messaging.replies import automatic
from messaging.replies.decided import Decided
from tenants.origins import fault_of, origin_of, sqlstate
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

TRIES = 4
# how a dead letter's reason begins, for which the back-office has a next step
NOT_RECORDED = "It could not be recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a batch's deliveries. `finished`: those that the recording transaction has
    finished; `blocked`: those that others' locks keep from being recorded or applied now.
    """

    finished: Set[UUID] = frozenset()
    blocked: Set[UUID] = frozenset()

    def __or__(self, other: "Recorded") -> "Recorded":
        return Recorded(
            finished=self.finished | other.finished, blocked=self.blocked | other.blocked
        )


def record_and_apply(batch: Batch, lock_timeout: str) -> Recorded:
    """Record the batch, then apply its side effects. Both are idempotent."""
    arrived = record_with_patience(batch, lock_timeout)
    return Recorded(
        finished=set(batch.finished) - arrived.changing,
        blocked=apply_side_effects(arrived),
    )


def record_with_patience(batch: Batch, lock_timeout: str) -> routing.RoutedBatch:
    """Retry the whole batch on deadlock, serialization failure or a unique-key race."""
    for attempt in range(TRIES):
        try:
            return record(batch, lock_timeout)
        except DatabaseError as error:
            if sqlstate(error) not in RETRY_NOW or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
    raise AssertionError("The last try returned or raised.")


def record(batch: Batch, lock_timeout: str) -> routing.RoutedBatch:
    """Record the batch in one transaction with a constant number of statements. Returns what was in
    it. A row's tenant is its channel's.

    Deliveries with side effects are not finished here: a process that is killed before it has
    applied them leaves them due.
    """
    with router_scope(lock_timeout):
        arrived = routing.route(batch.items)
        # from here, select-then-insert cannot race
        resolution.lock_senders([*arrived.messages, *arrived.contact_updates])
        redaction.redact_soon(erased_items.leave_out(arrived))
        fresh = Message.objects.without_known(arrived.messages)
        contacts, news = resolution.contacts_of(fresh, arrived.contact_updates)
        places = Conversation.objects.places_for(fresh, contacts)
        files = Media.objects.expect(fresh)
        messages = [new_messages.arrived(*each) for each in zip(fresh, places, files, strict=True)]
        limit = automatic.ReplyLimit(Message.objects.answered_lately(contacts, batch.came_at()))
        choices = ReplyChoice.objects.for_channels(each.channel for each in fresh)
        replies = automatic.decide(messages, fresh, places, contacts, limit, choices)
        Message.objects.record(messages)
        tasks.fetch_soon([*files, *history_files.fill_placeholders(arrived.messages)])
        news += replies.record()
        moved = MessageStatus.objects.record(arrived.statuses)
        known = {each.message_id for each in arrived.statuses if each.message_id}
        Attempt.objects.note_doubles(known)
        OwnerChange.objects.record(messages, places)
        ThreadOrder.objects.settle_unknown(shared_threads(messages, places))
        of_messages = [*of_arrivals(messages, places, contacts), *of_statuses(moved)]
        event_log.append([*news, *of_messages, *of_owners(messages, places, contacts)])
        channel_updates.record(arrived.channel_updates)
        DeadLetter.objects.keep(arrived.dead_letters)
        WebhookDelivery.objects.finish([id for id in batch.finished if id not in arrived.changing])
    note_recorded(batch, arrived, messages, replies)
    return arrived


def note_recorded(
    batch: Batch, arrived: routing.RoutedBatch, messages: list[Message], replies: Decided
) -> None:
    """Count, time and log what a batch has become, after its commit."""
    received_at = {arrival.delivery_id: arrival.received_at for _, arrival in batch.items}
    note_batch(received_at.values(), [letter.cause for letter in arrived.dead_letters])
    note_decided(replies.superseded, [left.because for left in replies.left.values()])
    log_recorded(
        batch.deliveries(),
        [each.id for each in messages],
        [each.id for each in replies.answers],
        len(arrived.statuses),
    )


def reject(batch: Batch, error: Exception) -> None:
    """Set a batch of one item aside, in a transaction of its own."""
    ((kind, arrival),) = batch.items
    told = "An item of delivery %s could not be recorded (%s at %s)."
    logger.error(told, arrival.delivery_id, fault_of(error), origin_of(error))
    reason = f"{NOT_RECORDED} ({fault_of(error)})."
    with router_scope():
        DeadLetter.objects.keep([DeadLetter.of(arrival, kind, DeadLetter.Cause.REJECTED, reason)])
    note_batch([arrival.received_at], [DeadLetter.Cause.REJECTED])
