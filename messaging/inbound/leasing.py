"""Inwards: lease waiting deliveries, record what they say, queue the answers. Everything here is safe to repeat."""

import logging
import random
import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from channels_app.events import MessageEvent
from channels_app.lifecycle.parking import park
from channels_app.models import Channel
from messaging.arrivals import Routed
from messaging.contacts import resolution
from messaging.database_errors import BLAMELESS, CROSSED, fault_of, is_the_databases, sqlstate
from messaging.failures import log_failure
from messaging.inbound import batches, channel_updates, history_files, routing
from messaging.inbound.batches import Batch
from messaging.media import tasks
from messaging.models import Attempt, Contact, Conversation, DeadLetter, Media, Message, MessageStatus, WebhookDelivery
from messaging.replies import automatic
from tenants.origins import origin_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

BATCH_DELIVERIES = 200
LEASE_BYTES = 1024 * 1024  # of bodies, beyond the first: they are read at once
TURN_SECONDS = 0.2  # after which no further batch of a lease is begun: who came meanwhile has a turn first
AGAIN_SECONDS = 2  # what is blocked, or was interrupted
GIVEN_UP_AFTER = 5  # attempts: each of them was ended by the death of its process

IN_HALVES = "200ms"  # what is blocked has been waited for once
TRIES = 4


class Intake:
    """One process's taking in: whose turn it is next, and what their turn brings."""

    def __init__(self) -> None:
        self.after = ""

    def process_due(self) -> int:
        """Take one lease's worth of waiting deliveries through, a portion of a large one and one of those that were begun
        and left; how many.
        """
        deliveries = self.lease()
        if deliveries:
            process(deliveries)
        return len(deliveries) + self.process_rest() + self.process_suspect()

    def lease(self) -> list[WebhookDelivery]:
        """What the next numbers' turn brings; once around, if it brings nothing."""
        ends = 2 if self.after else 1
        deliveries: list[WebhookDelivery] = []
        while ends and not deliveries:
            deliveries = self.lease_in_turn()
            ends -= not self.after
        return deliveries

    def lease_in_turn(self) -> list[WebhookDelivery]:
        with router_scope():  # a commit of its own: a body that kills this process has left its trace
            hints, self.after = WebhookDelivery.objects.hints_in_turn(self.after)
            return WebhookDelivery.objects.lease(
                hints, at_most=BATCH_DELIVERIES, max_bytes=LEASE_BYTES, seconds=settings.SEND_LEASE_SECONDS
            )

    def process_rest(self) -> int:
        """The next portion of a delivery that is larger than one; 1 or 0."""
        with router_scope():
            rest = WebhookDelivery.objects.lease_rest(seconds=settings.SEND_LEASE_SECONDS)
        if rest:
            process(rest)
        return len(rest)

    def process_suspect(self) -> int:
        """One that was begun before may have killed its process, so it is alone; 1 or 0."""
        with router_scope():
            suspects = WebhookDelivery.objects.lease_suspect(seconds=settings.SEND_LEASE_SECONDS)
        for suspect in suspects:
            give_up(suspect) if suspect.attempts >= GIVEN_UP_AFTER else process([suspect])
        return len(suspects)


def process(deliveries: list[WebhookDelivery]) -> None:
    """Record a portion of each leased delivery, as many as there is time for in a turn.

    What others' locks keep from being recorded now is due again shortly, and what there was no time for at once.
    """
    left, blocked = {delivery.id for delivery in deliveries}, set()
    turn_ends, pause = time.monotonic() + TURN_SECONDS, AGAIN_SECONDS
    try:
        for batch in batches.batches(deliveries):
            late = record_or_isolate(batch)
            go_on({id: items for id, items in batch.begun.items() if id not in late})
            blocked |= late
            left -= batch.deliveries()
            if time.monotonic() > turn_ends:
                break
        pause = 0
    finally:  # nothing killed this process: the attempt does not count
        put_back(blocked, AGAIN_SECONDS)
        put_back(left, pause)


def go_on(begun: Mapping[UUID, int]) -> None:
    if begun:
        with router_scope():
            WebhookDelivery.objects.go_on(begun)


def put_back(ids: set[UUID], seconds: float) -> None:
    if ids:
        connection.close_if_unusable_or_obsolete()
        with router_scope():
            WebhookDelivery.objects.put_back(sorted(ids), seconds=seconds)


def record_or_isolate(batch: Batch, lock_timeout: str = "2s") -> set[UUID]:
    """Record the batch. Where one item stops it, halve until that item stands alone, and set it aside.

    The deliveries of items that others' locks keep from being recorded now are returned; nobody is blamed for those. Raises
    only where the database itself fails.
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
        if sqlstate(error) in BLAMELESS:
            return {arrival.delivery_id for _, arrival in batch.items} | batch.deliveries()
        if not batch.items:
            raise
        told = "An item of delivery %s could not be recorded (%s at %s)."
        logger.error(told, batch.items[0][1].delivery_id, fault_of(error), origin_of(error))
        reject(batch, f"It could not be recorded ({fault_of(error)}).")
        return set()
    return draw_conclusions(arrived, batch.finished)


def record_with_patience(batch: Batch, lock_timeout: str) -> routing.Sorted:
    """What crossed another transaction is the moment's fault, not an item's: repeat the whole batch."""
    for attempt in range(TRIES):
        try:
            return record(batch, lock_timeout)
        except DatabaseError as error:
            if sqlstate(error) not in CROSSED or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
    raise AssertionError("The last try returned or raised.")


def record(batch: Batch, lock_timeout: str) -> routing.Sorted:
    """One transaction, a constant number of statements; what was in it. A row's tenant is its channel's."""
    with router_scope(lock_timeout):
        arrived = routing.sort(batch.items)
        resolution.lock_senders([*arrived.messages, *arrived.news])  # from here, select-then-insert cannot race
        fresh = Message.objects.without_known(arrived.messages)
        contacts = resolution.contacts_of(fresh, arrived.news)
        places = Conversation.objects.places_for(fresh, contacts)
        files = Media.objects.expect(fresh)
        messages = [Message.of(*each) for each in zip(fresh, places, files, strict=True)]
        brake = automatic.Brake(Message.objects.answered_lately(contacts))
        answers = automatic.answers_to(messages, fresh, places, contacts, brake)
        Message.objects.record(messages)
        tasks.fetch_soon([*files, *history_files.fill_placeholders(arrived.messages)])
        Message.objects.queue(answers)
        Attempt.objects.note_doubles(MessageStatus.objects.record(arrived.statuses))
        channel_updates.record(arrived.concerns)
        DeadLetter.objects.keep(arrived.dead_letters)
        WebhookDelivery.objects.finish(batch.finished)
    return arrived


def draw_conclusions(arrived: routing.Sorted, finished: list[UUID]) -> set[UUID]:
    """What statuses say beyond their messages, and what channel events change; in transactions of its own.

    Deliveries are returned that somebody's locks keep from being concluded, of those that are not finished yet; a finished one
    is processed again.
    """
    DeadLetter.objects.log(arrived.dead_letters)
    for status in arrived.statuses:
        if status.status == Message.Status.FAILED and status.message_id:
            log_failure(status.message_id, status.tenant_id, status.channel_id, status.error_code, status.error)
    blocked = channel_updates.conclude(arrived.concerns)
    if again := blocked.intersection(finished):
        with router_scope():
            WebhookDelivery.objects.replay(sorted(again))
    learn_numbers(arrived.messages)
    park(each.refusal for each in arrived.statuses if each.refusal)
    closing = [each.message_id for each in arrived.statuses if each.closes_window and each.message_id]
    opting_out = [each.message_id for each in arrived.statuses if each.opts_out and each.message_id]
    if closing or opting_out:
        with router_scope():
            Conversation.objects.close_windows(closing)
            Contact.objects.opt_out(opting_out)
    return blocked.difference(finished)


def learn_numbers(messages: Iterable[Routed[MessageEvent]]) -> None:
    """How people dial our channels, as the provider says beside their messages: what it tells of a number names it so."""
    told = {each.channel.id: each.arrival.event.channel_number for each in messages if each.arrival.event.channel_number}
    known = {each.channel.id: each.channel.phone_number for each in messages}
    if changed := {id: number for id, number in told.items() if number != known[id]}:
        with router_scope():
            Channel.objects.learn_numbers(changed)


def reject(batch: Batch, reason: str) -> None:
    """Set a batch of one item aside, in a transaction of its own."""
    with router_scope():
        DeadLetter.objects.keep(DeadLetter.of(each, kind, DeadLetter.Cause.REJECTED, reason) for kind, each in batch.items)
        WebhookDelivery.objects.finish(batch.finished)


def give_up(delivery: WebhookDelivery) -> None:
    """A delivery that stopped its process again and again is set aside whole; its bytes stay."""
    logger.error("Delivery %s was given up after %s attempts.", delivery.id, delivery.attempts - 1)
    reason = f"Processing it did not come to an end {delivery.attempts - 1} times."
    with router_scope():
        DeadLetter.objects.keep([DeadLetter.whole(delivery.id, delivery.kind, reason)])
        WebhookDelivery.objects.finish([delivery.id])
