"""Record a batch of items in one transaction; where one item stops it, find that item and set it
aside.
"""

import logging
import random
import time
from uuid import UUID

from django.db import DatabaseError

from messaging.contacts import resolution
from messaging.database_errors import RETRY_LATER, RETRY_NOW, fault_of, is_the_databases, sqlstate
from messaging.inbound import channel_updates, history_files, routing
from messaging.inbound.batches import Batch
from messaging.inbound.side_effects import apply_side_effects
from messaging.media import tasks
from messaging.models import (
    Attempt,
    Conversation,
    DeadLetter,
    Media,
    Message,
    MessageStatus,
    WebhookDelivery,
    new_messages,
)
from messaging.replies import automatic
from tenants.origins import origin_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

IN_HALVES = "200ms"  # what is blocked has been waited for once
TRIES = 4


def record_or_isolate(batch: Batch, lock_timeout: str = "2s") -> set[UUID]:
    """Record the batch. Where one item stops it, halve until that item stands alone, and set it
    aside.

    The deliveries of items that others' locks keep from being recorded now are returned; nobody is
    blamed for those. Raises only where the database itself fails.
    """
    try:
        arrived = record_with_patience(batch, lock_timeout)
    except Exception as error:
        if is_the_databases(error):
            raise
        if len(batch.items) > 1:
            first, second = batch.halves()
            blocked = record_or_isolate(first, IN_HALVES)
            second.finished = [each for each in second.finished if each not in blocked]
            return blocked | record_or_isolate(second, IN_HALVES)
        if sqlstate(error) in RETRY_LATER:
            return {arrival.delivery_id for _, arrival in batch.items} | batch.deliveries()
        if not batch.items:
            raise
        told = "An item of delivery %s could not be recorded (%s at %s)."
        logger.error(told, batch.items[0][1].delivery_id, fault_of(error), origin_of(error))
        reject(batch, f"It could not be recorded ({fault_of(error)}).")
        return set()
    return apply_side_effects(arrived, batch.finished)


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
    """One transaction, a constant number of statements; what was in it. A row's tenant is its
    channel's.
    """
    with router_scope(lock_timeout):
        arrived = routing.route(batch.items)
        # from here, select-then-insert cannot race
        resolution.lock_senders([*arrived.messages, *arrived.contact_updates])
        fresh = Message.objects.without_known(arrived.messages)
        contacts = resolution.contacts_of(fresh, arrived.contact_updates)
        places = Conversation.objects.places_for(fresh, contacts)
        files = Media.objects.expect(fresh)
        messages = [new_messages.arrived(*each) for each in zip(fresh, places, files, strict=True)]
        limit = automatic.ReplyLimit(Message.objects.answered_lately(contacts))
        answers = automatic.answers_to(messages, fresh, places, contacts, limit)
        Message.objects.record(messages)
        tasks.fetch_soon([*files, *history_files.fill_placeholders(arrived.messages)])
        Message.objects.queue(answers)
        Attempt.objects.note_doubles(MessageStatus.objects.record(arrived.statuses))
        channel_updates.record(arrived.channel_updates)
        DeadLetter.objects.keep(arrived.dead_letters)
        WebhookDelivery.objects.finish(batch.finished)
    return arrived


def reject(batch: Batch, reason: str) -> None:
    """Set a batch of one item aside, in a transaction of its own."""
    with router_scope():
        DeadLetter.objects.keep(
            DeadLetter.of(each, kind, DeadLetter.Cause.REJECTED, reason)
            for kind, each in batch.items
        )
        WebhookDelivery.objects.finish(batch.finished)
