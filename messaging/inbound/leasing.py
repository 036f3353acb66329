"""Lease waiting deliveries and take each one's next portion through. Everything here is safe to
repeat.
"""

import logging
import time
from collections.abc import Set
from uuid import UUID

from django.conf import settings
from django.db import connection

from messaging.inbound.batches import Batch, batches
from messaging.inbound.bisection import bisect
from messaging.inbound.recording import Recorded
from messaging.metrics.inbound import DELIVERIES_RECORDED, note_batch
from messaging.models import DeadLetter, WebhookDelivery
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

BATCH_DELIVERIES = 200
LEASE_BYTES = 1024 * 1024  # of bodies, beyond the first: they are read at once
# after which no further batch of a lease is begun: who came meanwhile has a turn first
TURN_SECONDS = 0.2
AGAIN_SECONDS = 2  # what is blocked, or was interrupted
# What stays blocked is tried less often: new deliveries of the same number have their turn.
BLOCKED_SECONDS = 60
# how a dead letter's reason begins, for which the back-office has a next step
NO_END = "Processing it did not come to an end"
GIVEN_UP_AFTER = 5  # attempts: each of them was ended by the death of its process


class DeliveryLeaser:
    """One process's taking in: whose turn it is next, and what their turn brings."""

    def __init__(self) -> None:
        self.after = ""

    def process_due(self) -> int:
        """Take one lease's worth of waiting deliveries through, a portion of a large one and one of
        those that were begun and left; how many.
        """
        return self.process_new() + self.process_rest() + self.process_suspect()

    def process_new(self) -> int:
        """One lease's worth of deliveries that nobody has begun; how many."""
        deliveries = self.lease()
        if deliveries:
            process(deliveries)
        return len(deliveries)

    def lease(self) -> list[WebhookDelivery]:
        """What the next numbers' turn brings; once around, if it brings nothing."""
        ends = 2 if self.after else 1
        deliveries: list[WebhookDelivery] = []
        while ends and not deliveries:
            deliveries = self.lease_in_turn()
            ends -= not self.after
        return deliveries

    def lease_in_turn(self) -> list[WebhookDelivery]:
        # a commit of its own: a body that kills this process has left its trace
        with router_scope():
            hints, self.after = WebhookDelivery.objects.hints_in_turn(self.after)
            return WebhookDelivery.objects.lease(
                hints,
                at_most=BATCH_DELIVERIES,
                max_bytes=LEASE_BYTES,
                seconds=settings.SEND_LEASE_SECONDS,
            )

    def process_rest(self) -> int:
        """The next portion of a delivery that is larger than one; 1 or 0."""
        with router_scope():
            rest = WebhookDelivery.objects.lease_rest(seconds=settings.SEND_LEASE_SECONDS)
        if rest:
            process(rest)
        return len(rest)

    def process_suspect(self) -> int:
        """Retry one delivery that an earlier process did not finish, alone: it may crash this one
        too. Returns 1 or 0.
        """
        with router_scope():
            suspects = WebhookDelivery.objects.lease_suspect(seconds=settings.SEND_LEASE_SECONDS)
        for suspect in suspects:
            if suspect.attempts >= GIVEN_UP_AFTER:
                give_up(suspect)
            else:
                process([suspect])
        return len(suspects)


def process(deliveries: list[WebhookDelivery]) -> None:
    """Record a portion of each leased delivery, as many as there is time for in a turn. The others
    are due again at once.
    """
    left = {delivery.id for delivery in deliveries}
    turn_ends, pause = time.monotonic() + TURN_SECONDS, AGAIN_SECONDS
    try:
        for batch in batches(deliveries):
            settle(batch, bisect(batch))
            left -= batch.deliveries()
            if time.monotonic() > turn_ends:
                break
        pause = 0
    finally:  # nothing killed this process: the attempt does not count
        put_back(left, pause, pause)


def settle(batch: Batch, recorded: Recorded) -> None:
    """Finish the batch's deliveries, or note how far they came. Those that are blocked are due
    again shortly, later the longer they have waited.
    """
    put_back(recorded.blocked, AGAIN_SECONDS, BLOCKED_SECONDS)
    finished = set(batch.finished) - recorded.finished - recorded.blocked
    begun = {id: items for id, items in batch.begun.items() if id not in recorded.blocked}
    if finished or begun:
        with router_scope():
            beside = next(iter(recorded.finished), None)
            WebhookDelivery.objects.finish(sorted(finished), beside)
            WebhookDelivery.objects.go_on(begun)
    DELIVERIES_RECORDED.inc(len(set(batch.finished) - recorded.blocked))


def put_back(ids: Set[UUID], seconds: float, at_most: float) -> None:
    if ids:
        connection.close_if_unusable_or_obsolete()
        with router_scope():
            WebhookDelivery.objects.put_back(sorted(ids), seconds=seconds, at_most=at_most)


def give_up(delivery: WebhookDelivery) -> None:
    """A delivery that stopped its process again and again is set aside whole; its bytes stay."""
    logger.error("Delivery %s was given up after %s attempts.", delivery.id, delivery.attempts - 1)
    reason = f"{NO_END} {delivery.attempts - 1} times."
    with router_scope():
        DeadLetter.objects.keep([DeadLetter.whole(delivery.id, delivery.kind, reason)])
        WebhookDelivery.objects.finish([delivery.id])
    note_batch([delivery.received_at], [DeadLetter.Cause.REJECTED])
