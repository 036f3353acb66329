"""Inwards: lease waiting deliveries, record what they say, queue the answers. Everything here is safe to repeat."""

import logging
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from channels_app import providers
from channels_app.events import ContactEvent, Event, MessageEvent, Rejected
from channels_app.models import Channel
from channels_app.parking import park
from messaging import history, identities, notices, replies, routing, tasks
from messaging.arrivals import Arrival, Routed
from messaging.faults import BLAMELESS, CROSSED, fault_of, is_the_databases, sqlstate
from messaging.models import Attempt, Contact, Conversation, DeadLetter, Media, Message, MessageStatus, WebhookDelivery
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

BATCH_DELIVERIES = 200
LEASE_BYTES = 1024 * 1024  # of bodies, beyond the first: others' messages wait no longer than these take
BATCH_ITEMS = 500
BATCH_KEYS = 500  # sender locks of one transaction: the server's lock table is finite
GIVEN_UP_AFTER = 5  # attempts: each of them was ended by the death of its process

IN_HALVES = "200ms"  # what is blocked has been waited for once
TRIES = 4

Items = list[tuple[str, Arrival]]


@dataclass
class Batch:
    """What one transaction records. `finished`: the deliveries whose last item is in it."""

    items: Items = field(default_factory=list)
    finished: list[UUID] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)

    def is_full(self) -> bool:
        return len(self.items) >= BATCH_ITEMS or len(self.keys) >= BATCH_KEYS

    def halves(self) -> tuple["Batch", "Batch"]:
        middle = len(self.items) // 2
        return Batch(items=self.items[:middle]), Batch(items=self.items[middle:], finished=self.finished)


class Intake:
    """One process's taking in: whose turn it is next, and what their turn brings."""

    def __init__(self) -> None:
        self.after = ""

    def process_due(self) -> int:
        """Take one lease's worth of waiting deliveries through, and one of those that were begun before; how many."""
        deliveries = self.lease()
        if deliveries:
            process(deliveries)
        return len(deliveries) + self.process_suspect()

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

    def process_suspect(self) -> int:
        """One that was begun before may have killed its process, so it is alone; 1 or 0."""
        with router_scope():
            suspects = WebhookDelivery.objects.lease_suspect(seconds=settings.SEND_LEASE_SECONDS)
        for suspect in suspects:
            give_up(suspect) if suspect.attempts >= GIVEN_UP_AFTER else process([suspect])
        return len(suspects)


def process(deliveries: list[WebhookDelivery]) -> None:
    """Record leased deliveries, batch by batch; what others' locks keep from being recorded now is due again shortly."""
    again = {delivery.id for delivery in deliveries}
    blocked: set[UUID] = set()
    try:
        for batch in batches(deliveries):
            batch.finished = [each for each in batch.finished if each not in blocked]  # an earlier part of it still waits
            blocked |= record_or_isolate(batch)
            again -= set(batch.finished) - blocked
    finally:  # nothing killed this process: the attempt does not count
        put_back(again)


def put_back(ids: set[UUID]) -> None:
    if ids:
        connection.close_if_unusable_or_obsolete()
        with router_scope():
            WebhookDelivery.objects.put_back(sorted(ids))


def batches(deliveries: Iterable[WebhookDelivery]) -> Iterator[Batch]:
    """The deliveries' items, cut to what one transaction may take."""
    batch = Batch()
    for delivery in deliveries:
        for arrival in arrivals_of(delivery):
            if batch.is_full():
                yield batch
                batch = Batch()
            batch.items.append((delivery.kind, arrival))
            batch.keys.update(keys_of(arrival))
        batch.finished.append(delivery.id)
    if batch.finished:
        yield batch


def arrivals_of(delivery: WebhookDelivery) -> Iterator[Arrival]:
    for position, event in enumerate(events_of(delivery)):
        yield Arrival(delivery_id=delivery.id, received_at=delivery.received_at, position=position, event=event)


def events_of(delivery: WebhookDelivery) -> list[Event]:
    """What the provider reads in it. A parser does not raise; one that does costs its own delivery, not the pipeline."""
    try:
        return list(providers.get(delivery.kind).parse(bytes(delivery.body)))
    except Exception as error:
        logger.error("Delivery %s could not be parsed (%s).", delivery.id, type(error).__name__)
        return [Rejected(reason=f"It could not be parsed ({type(error).__name__}).")]


def keys_of(arrival: Arrival) -> list[object]:
    event = arrival.event
    return [(event.channel_external_id, *sender) for sender in event.contact_ids] if isinstance(event, ContactEvent) else []


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
            return {arrival.delivery_id for _, arrival in batch.items} | set(batch.finished)
        if not batch.items:
            raise
        logger.error("An item of delivery %s was rejected (%s).", batch.items[0][1].delivery_id, fault_of(error))
        reject(batch, f"It could not be recorded ({fault_of(error)}).")
    else:
        draw_conclusions(arrived)
    return set()


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
        identities.lock_senders([*arrived.messages, *arrived.news])  # from here, select-then-insert cannot race
        fresh = Message.objects.without_known(arrived.messages)
        contacts = identities.contacts_of(fresh, arrived.news)
        places = Conversation.objects.places_for(fresh, contacts)
        files = Media.objects.expect(fresh)
        messages = Message.objects.record(fresh, places, files)
        tasks.fetch_soon([*files, *history.fill_placeholders(arrived.messages)])
        brake = replies.Brake(Message.objects.answered_lately(contacts))
        Message.objects.queue(replies.answers_to(messages, fresh, places, contacts, brake))
        Attempt.objects.note_doubles(MessageStatus.objects.record(arrived.statuses))
        notices.record(arrived.concerns)
        DeadLetter.objects.keep(arrived.dead_letters)
        WebhookDelivery.objects.finish(batch.finished)
    return arrived


def draw_conclusions(arrived: routing.Sorted) -> None:
    """What statuses say beyond their messages, and what channel events change; in transactions of its own."""
    if again := notices.conclude(arrived.concerns):
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
