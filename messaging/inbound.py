"""Inwards: lease waiting deliveries, record what they say, queue the answers. Everything here is safe to repeat."""

import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

from channels_app import providers
from channels_app.events import InboundMessage, StatusUpdate
from channels_app.models import Channel
from messaging import replies, routing, sql
from messaging.arrivals import Arrival, Routed
from messaging.models import Contact, Conversation, DeadLetter, Message, MessageStatus, WebhookDelivery
from messaging.models.contact import senders_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

BATCH_DELIVERIES = 200
BATCH_BYTES = 8 * 1024 * 1024
BATCH_KEYS = 500  # sender locks and statuses of one transaction: the server's lock table is finite
ALONE_AFTER = 2  # attempts: something stopped this delivery before, so it no longer shares a transaction
GIVEN_UP_AFTER = 5

TRANSIENT = {
    "40P01",
    "40001",
    "55P03",
    "57014",
    "23505",
}  # nobody's fault: deadlock, conflict, lock or time limit, crossed insert
TRIES = 4

Items = list[tuple[str, Arrival]]


@dataclass
class Batch:
    """What one transaction records. `finished`: the deliveries whose last item is in it."""

    items: Items = field(default_factory=list)
    finished: list[UUID] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)


def process_due() -> int:
    """Take one lease's worth of waiting deliveries through; how many there were."""
    with router_scope():  # a commit of its own: a body that kills this process has left its trace
        deliveries = WebhookDelivery.objects.lease(
            at_most=BATCH_DELIVERIES, max_bytes=BATCH_BYTES, seconds=settings.SEND_LEASE_SECONDS
        )
    together = [each for each in deliveries if each.attempts < ALONE_AFTER]
    for batch in batches(together):
        record_or_isolate(batch)
    for delivery in deliveries:
        if delivery.attempts >= GIVEN_UP_AFTER:
            give_up(delivery)
        elif delivery.attempts >= ALONE_AFTER:
            for batch in batches([delivery]):
                record_or_isolate(batch)
    return len(deliveries)


def requeue_routable() -> None:
    """Deliveries that waited for a channel which is connected now are due again."""
    with router_scope():
        sql.run("requeue_routable", routable=[status.value for status in Channel.ROUTABLE])


def batches(deliveries: list[WebhookDelivery]) -> Iterator[Batch]:
    """The deliveries' items, cut so that no transaction takes more than BATCH_KEYS locks."""
    batch = Batch()
    for delivery in deliveries:
        for arrival in arrivals_of(delivery):
            if len(batch.keys) >= BATCH_KEYS:
                yield batch
                batch = Batch()
            batch.items.append((delivery.kind, arrival))
            batch.keys.update(keys_of(arrival))
        batch.finished.append(delivery.id)
    if batch.finished:
        yield batch


def arrivals_of(delivery: WebhookDelivery) -> Iterator[Arrival]:
    for position, event in enumerate(providers.get(delivery.kind).parse(bytes(delivery.body))):
        yield Arrival(delivery_id=delivery.id, received_at=delivery.received_at, position=position, event=event)


def keys_of(arrival: Arrival) -> list[object]:
    match arrival.event:
        case InboundMessage() as event:
            return [(event.channel_external_id, *sender) for sender in event.sender_ids]
        case StatusUpdate() as event:
            return [(event.channel_external_id, event.external_id)]
        case _:
            return [(arrival.delivery_id, arrival.position)]


def record_or_isolate(batch: Batch) -> None:
    """Record the batch; where one item stops it, halve until that item stands alone, and set it aside."""
    try:
        record_with_patience(batch)
    except (OperationalError, InterfaceError):
        raise  # the database itself: the lease runs out, and all of it is tried again
    except Exception as error:
        if len(batch.items) > 1:
            middle = len(batch.items) // 2
            record_or_isolate(Batch(items=batch.items[:middle]))
            record_or_isolate(Batch(items=batch.items[middle:], finished=batch.finished))
            return
        logger.error("An item of delivery %s was rejected (%s).", batch.items[0][1].delivery_id, fault_of(error))
        reject(batch, f"It could not be recorded ({fault_of(error)}).")


def record_with_patience(batch: Batch) -> None:
    """Transient faults are the moment's, not an item's: repeat the whole batch."""
    for attempt in range(TRIES):
        try:
            return record(batch)
        except DatabaseError as error:
            if sqlstate(error) not in TRANSIENT or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)


def record(batch: Batch) -> None:
    """One transaction, a constant number of statements. A row's tenant is its channel's."""
    with router_scope():
        arrived = routing.sort(batch.items)
        lock_senders(arrived.messages)  # from here, select-then-insert cannot race
        fresh = Message.objects.without_known(arrived.messages)
        contacts = Contact.objects.for_senders(fresh)
        places = Conversation.objects.places_for(fresh, contacts)
        messages = Message.objects.record_inbound(fresh, places)
        answers = (replies.reply_to(m, each.arrival, place) for m, each, place in zip(messages, fresh, places, strict=True))
        Message.objects.queue([answer for answer in answers if answer])
        MessageStatus.objects.record(arrived.statuses)
        DeadLetter.objects.keep(arrived.dead_letters)
        WebhookDelivery.objects.finish(batch.finished)


def lock_senders(messages: list[Routed[InboundMessage]]) -> None:
    names = {f"{tenant_id}/{kind}/{value}" for each in messages for tenant_id, kind, value in senders_of(each)}
    if names:
        sql.run("lock_senders", names=sorted(names))


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


def sqlstate(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def fault_of(error: BaseException) -> str:
    """The fault without its message, which may hold what a person wrote."""
    return sqlstate(error) or type(error).__name__
