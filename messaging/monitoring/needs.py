"""What needs a hand, in short, for a page that is opened often: how many problems there are of each
kind, with the newest of them, and what waits beside them, counted up to a bound.

The problems are those that `status` and the alerts tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from messaging import sql
from messaging.monitoring import problems
from messaging.problem import Problem

NEWEST = 30  # problems of a kind
# messages that need attention, files that are not stored, conversations that were left to people
LOOKED_AT = 5000
LOOKED_AMONG = {
    "messages_failed": "messages",
    "messages_unknown": "messages",
    "files_failed": "files",
    "files_waiting": "files",
    "conversations_waiting": "conversations",
}


@dataclass(slots=True)
class Alike:
    """Problems that say the same: how many, and the newest of them."""

    number: int = 0
    newest: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Kind:
    """The problems of a kind: how many, and those of the newest that say the same."""

    number: int = 0
    alike: dict[str, Alike] = field(default_factory=lambda: defaultdict(Alike))


@dataclass(slots=True)
class Waiting:
    """Rows that wait, as far as they were counted; `is_more`: not all were looked at. `details`:
    how many say what.
    """

    number: int = 0
    is_more: bool = False
    oldest: datetime | None = None
    newest: datetime | None = None
    details: dict[str, int] = field(default_factory=dict)


def problems_in_short() -> Mapping[str, Kind]:
    """Return the problems of tenants and tasks by their kind, in the operator's scope."""
    kinds: dict[str, Kind] = defaultdict(Kind)
    rows = problems.rows_of(NEWEST)
    for row, problem in zip(rows, problems.problems_of(rows), strict=True):
        kind = kinds[row["kind"]]
        kind.number = row["of_kind"]
        alike = kind.alike[row["detail"]]
        alike.number = row["alike"]
        alike.newest.insert(0, problem)
    return kinds


def waiting(*, counted: int) -> Mapping[str, Waiting]:
    """Return what waits for a hand or for its turn, counted up to `counted` of each, in the
    operator's scope.
    """
    found: dict[str, Waiting] = defaultdict(Waiting)
    looked_at: dict[str, int] = {}
    for row in sql.run("monitoring/in_need", counted=counted, looked_at=LOOKED_AT):
        if row["what"] == "looked_at":
            looked_at[row["detail"]] = row["number"]
        else:
            add(found[row["what"]], row)
    for what, each in found.items():
        were_looked_at = looked_at.get(LOOKED_AMONG.get(what, ""), 0)
        each.is_more = each.number >= counted or were_looked_at >= LOOKED_AT
    return found


def add(each: Waiting, row: Mapping[str, Any]) -> None:
    each.number += row["number"]
    each.details[row["detail"]] = row["number"]
    each.oldest = min(known(each.oldest, row["oldest"]), default=None)
    each.newest = max(known(each.newest, row["newest"]), default=None)


def known(*moments: datetime | None) -> Iterable[datetime]:
    return [moment for moment in moments if moment]
