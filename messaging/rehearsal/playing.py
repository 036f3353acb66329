"""Play deliveries through the pipeline, in the transactions in which they were recorded: those that
one transaction has finished are one batch again, in the same order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from messaging import sql
from messaging.inbound.batches import batches
from messaging.inbound.bisection import bisect
from messaging.inbound.leasing import BATCH_DELIVERIES, settle
from messaging.maintenance import waiting_statuses
from messaging.models import WebhookDelivery
from messaging.rehearsal import meanwhile, outcomes, slow_answers
from tenants.scope import router_scope

BEFORE_ALL, AFTER_ALL = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
SWEPT_EVERY = timedelta(minutes=1)  # of the recording's time


@dataclass
class Played:
    """What was played so far. `statements`: those of the pipeline alone; `unfinished`: deliveries
    that did not come to an end.
    """

    deliveries: int = 0
    batches: int = 0
    statements: int = 0
    unfinished: int = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the statements of what is done within."""
        with connection.execute_wrapper(self.count):
            yield

    def count(self, execute: Any, *statement: Any) -> Any:
        self.statements += 1
        return execute(*statement)


def play() -> Iterator[Played]:
    """Play all deliveries. Yields after each batch what was played so far, and in the end once
    more.
    """
    played, before, swept = Played(), BEFORE_ALL, BEFORE_ALL
    for moment, ids in recorded_together():
        if moment - swept > SWEPT_EVERY:
            waiting_statuses.match_all()
            swept = moment
        slow_answers.give(after=before, until=moment)
        meanwhile.happen(after=before, until=moment)
        with played.counted():
            played.unfinished += process(ids)
        outcomes.give(ids)
        played.deliveries += len(ids)
        played.batches += 1
        before = moment
        yield played
    slow_answers.give(after=before, until=AFTER_ALL)
    meanwhile.happen(after=before, until=AFTER_ALL)
    waiting_statuses.match_all()
    yield played


def recorded_together() -> Iterator[tuple[datetime, list[UUID]]]:
    """Yield the deliveries of one transaction after another, with its moment."""
    for moment, rows in groupby(in_order(), key=lambda row: row["processed_at"]):
        ids = [row["id"] for row in rows]
        for start in range(0, len(ids), BATCH_DELIVERIES):
            yield moment, ids[start : start + BATCH_DELIVERIES]


def in_order() -> Iterator[Any]:
    after, after_id = BEFORE_ALL, UUID(int=0)
    while True:
        with router_scope():
            rows = sql.run("rehearsal/play/next_deliveries", after=after, after_id=after_id)
        if not rows:
            return
        yield from rows
        after, after_id = rows[-1]["processed_at"], rows[-1]["id"]


def process(ids: list[UUID]) -> int:
    """Take the deliveries through, a large one portion by portion. Returns how many of them did not
    come to an end.
    """
    before: dict[UUID, int] = {}
    while waiting := waiting_of(ids):
        progress = {delivery.id: delivery.recorded_items for delivery in waiting}
        if progress == before:
            break
        for batch in batches(waiting):
            settle(batch, bisect(batch))
        before = progress
    return len(waiting)


def waiting_of(ids: list[UUID]) -> list[WebhookDelivery]:
    with router_scope():
        return list(WebhookDelivery.objects.filter(id__in=ids, due_at__isnull=False).order_by("id"))
