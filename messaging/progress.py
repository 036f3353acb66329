"""What the worker has done, counted and in the log: a line for each batch, with ids alone."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from messaging.metrics import inbound, outbound
from messaging.models.outcome import Outcome

logger = logging.getLogger(__name__)

LISTED_IDS = 5


def log_recorded(
    deliveries: Collection[UUID], messages: list[UUID], answers: list[UUID], statuses: int
) -> None:
    """Count and log what a batch of deliveries has become. `messages`: those that were not known
    before.
    """
    inbound.MESSAGES.inc(len(messages))
    inbound.ANSWERS_QUEUED.inc(len(answers))
    inbound.STATUSES.inc(statuses)
    logger.info(
        "Deliveries recorded: %s; new messages: %s; answers queued: %s; statuses: %s.",
        listed(deliveries),
        listed(messages),
        listed(answers),
        statuses,
        extra={
            "delivery_ids": first(deliveries),
            "message_ids": first(messages),
            "answer_ids": first(answers),
        },
    )


def log_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Count and log how the POSTs of these messages ended."""
    by_status: defaultdict[str, list[UUID]] = defaultdict(list)
    for outcome in outcomes:
        by_status[outcome.status].append(outcome.message_id)
    for status, ids in by_status.items():
        outbound.POSTED.labels(status).inc(len(ids))
    if by_status:
        told = "; ".join(f"{status}: {listed(ids)}" for status, ids in by_status.items())
        posted = [each for ids in by_status.values() for each in ids]
        logger.info("Messages posted: %s.", told, extra={"message_ids": first(posted)})


def listed(ids: Collection[UUID]) -> str:
    """Return their number and the first few: "7 (01a2..., 01a2..., ... and 2 more)"."""
    if not ids:
        return "0"
    shown = ", ".join(str(each) for each in first(ids))
    more = f" and {len(ids) - LISTED_IDS} more" if len(ids) > LISTED_IDS else ""
    return f"{len(ids)} ({shown}{more})"


def first(ids: Collection[UUID]) -> list[UUID]:
    return list(ids)[:LISTED_IDS]
