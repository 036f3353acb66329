"""Webhooks as they came around a moment, and what became of those that name what an operator
typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from messaging import sql
from messaging.models.delivery import CLOCKS_DIFFER_BY
from messaging.models.identity import digits_of
from messaging.tracing.identifiers import uuid_in
from tenants.models.uuid7 import first_id_at

AROUND = timedelta(minutes=30)  # before and after the moment
LOOKED_AT = 100_000  # bodies
MOST = 20  # shown
FEWEST = 7  # characters of what is looked for: less stands in every body by chance


@dataclass(frozen=True, slots=True)
class Came:
    """A webhook that names what was typed, and is not recorded whole. `cause`, `reason` and
    `number` (the provider's id of it) are of the first item that was set aside from it, or empty.
    """

    id: UUID
    at: datetime
    attempts: int
    is_processed: bool
    cause: str
    reason: str
    number: str


@dataclass(frozen=True, slots=True)
class Around:
    """What came between two moments: `total` webhooks, of which `named` name what was typed, and
    `open` are those of them that are not recorded whole. `kept_since`: when the oldest came that is
    kept.
    """

    since: datetime
    until: datetime
    total: int
    named: int
    kept_since: datetime | None
    open: list[Came]


def around(term: str, at: datetime) -> Around:
    """Return what came half an hour before and after `at`. Within operator_scope."""
    since, until = at - AROUND, at + AROUND
    rows = sql.run(
        "deliveries/came_around",
        since=first_id_at(since - CLOCKS_DIFFER_BY),
        until=first_id_at(until + CLOCKS_DIFFER_BY),
        words=words_of(term),
        looked_at=LOOKED_AT,
        at_most=MOST,
    )
    named = [came_of(row) for row in rows if row["id"]]
    counted = rows[0]
    return Around(
        since, until, counted["came"], counted["named"], counted["kept_since"], open=named
    )


def came_of(row: Mapping[str, Any]) -> Came:
    return Came(
        id=row["id"],
        at=row["received_at"],
        attempts=row["attempts"],
        is_processed=row["processed_at"] is not None,
        cause=row["cause"] or "",
        reason=row["reason"] or "",
        number=row["channel_external_id"] or "",
    )


def words_of(term: str) -> list[bytes]:
    """Return how a body writes what was typed: the digits of a number, or a provider's id, whose
    slashes JSON may escape. Ids of ours stand in none.
    """
    word = digits_of(term) or term.strip()
    if uuid_in(term) or len(word) < FEWEST:
        return []
    return sorted({word.encode(), word.replace("/", "\\/").encode()})
