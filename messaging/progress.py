"""The log lines of what the worker has done: one for each batch, with ids alone."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from messaging.models.outcome import Outcome

logger = logging.getLogger(__name__)

LISTED_IDS = 5


def log_recorded(
    deliveries: Collection[UUID], messages: list[UUID], answers: list[UUID], statuses: int
) -> None:
    """Log what a batch of deliveries has become. `messages`: those that were not known before."""
    logger.info(
        "Deliveries recorded: %s; new messages: %s; answers queued: %s; statuses: %s.",
        listed(deliveries),
        listed(messages),
        listed(answers),
        statuses,
    )


def log_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Log how the POSTs of these messages ended."""
    by_status: defaultdict[str, list[UUID]] = defaultdict(list)
    for outcome in outcomes:
        by_status[outcome.status].append(outcome.message_id)
    if by_status:
        told = "; ".join(f"{status}: {listed(ids)}" for status, ids in by_status.items())
        logger.info("Messages posted: %s.", told)


def listed(ids: Collection[UUID]) -> str:
    """Return their number and the first few: "7 (01a2..., 01a2..., ... and 2 more)"."""
    if not ids:
        return "0"
    shown = ", ".join(str(each) for each in list(ids)[:LISTED_IDS])
    more = f" and {len(ids) - LISTED_IDS} more" if len(ids) > LISTED_IDS else ""
    return f"{len(ids)} ({shown}{more})"
