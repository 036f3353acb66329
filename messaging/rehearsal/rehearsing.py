"""Rehearse: clone the copy, keep what was recorded, rewind, play, compare."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from messaging.rehearsal import rewinding, telling
from messaging.rehearsal.clone import clone_of
from messaging.rehearsal.playing import Played, play
from messaging.rehearsal.report import Report
from messaging.rehearsal.settling_back import settle_back

EVERY = 50  # batches between two lines of progress


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be rehearsed: the deliveries that the copy holds since a moment. `tenant_id`:
    whose differences are reported, None: all; `at_most`: how many of each subject are shown.
    """

    copy: str
    since: datetime
    strategy: str
    tenant_id: UUID | None = None
    at_most: int = 20
    with_texts: bool = False


def rehearse(order: Order, say: Callable[[str], None]) -> Report:
    """Rehearse, and return the report. `say` takes lines of progress. Raises NotCloned."""
    say(f"Cloning {order.copy} ...")
    with clone_of(order.copy) as clone:
        with clone.as_owner():
            chosen = rewinding.keep(order.since)
            for changed, rows in rewinding.rewind():
                say(f"Rewound: {rows:,} {changed}")
        with clone.as_runtime(), answering_by(order.strategy):
            settle_back()
            played = played_through(chosen.played, say)
        with clone.as_owner():
            telling.tell(telling.REHEARSED)
            telling.compare()
            return report_of(order, chosen, played)


def played_through(deliveries: int, say: Callable[[str], None]) -> Played:
    played = Played()
    for played in play():
        if played.batches % EVERY == 0:
            say(f"Played {played.deliveries:,} of {deliveries:,} deliveries")
    return played


def report_of(order: Order, chosen: rewinding.Chosen, played: Played) -> Report:
    counts = telling.counts(order.tenant_id)
    differences = {
        each.subject: list(telling.differences(each.subject, order.tenant_id, order.at_most))
        for each in counts
        if each.differing
    }
    return Report(
        copy=order.copy,
        since=order.since.isoformat(),
        strategy=order.strategy,
        chosen=chosen,
        played=played,
        counts=counts,
        differences=differences,
        with_texts=order.with_texts,
    )


@contextmanager
def answering_by(strategy: str) -> Iterator[None]:
    """Let this strategy decide the replies."""
    before, settings.REPLY_STRATEGY = settings.REPLY_STRATEGY, strategy
    try:
        yield
    finally:
        settings.REPLY_STRATEGY = before
