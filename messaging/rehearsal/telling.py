"""Tell what is recorded by names that two passes share, and compare the two. As the owner."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from messaging import sql
from tenants.database.owner_statements import execute

RECORDED, REHEARSED = "recorded", "rehearsed"
TELLERS = (
    *("messages", "replies", "statuses", "sent", "contacts", "contact_changes", "owners", "words"),
    *("letters", "channel_events"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a subject the recording has, and how many of them differ."""

    subject: str
    recorded: int
    missing: int
    new: int
    changed: int

    @property
    def differing(self) -> int:
        return self.missing + self.new + self.changed


@dataclass(frozen=True, slots=True)
class Difference:
    """A row as it was recorded (`before`) and as it would be (`after`); None: it is not there.
    `place`: ids of the copy by which `trace` and the back-office find it.
    """

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    place: Mapping[str, str | None]


def tell(told_by: str) -> None:
    """Tell everything of one pass, whose rows are as new to the planner as they are many."""
    execute("ANALYZE")
    for teller in TELLERS:
        sql.run(f"rehearsal/told/{teller}", **{"pass": told_by})


def compare() -> None:
    """Prepare the comparison of both passes."""
    execute("ANALYZE rehearsal.told")
    sql.run("rehearsal/compare/order")
    execute("ANALYZE rehearsal.told")


def counts(tenant_id: UUID | None) -> list[Count]:
    """Return the counts of each subject, of one tenant's rows or of all."""
    rows = sql.run("rehearsal/compare/counts", tenant_id=tenant_id)
    return [Count(**row) for row in rows]


def differences(subject: str, tenant_id: UUID | None, at_most: int) -> Iterator[Difference]:
    """Yield the first differences of a subject, in the order of its keys."""
    found = {"subject": subject, "tenant_id": tenant_id, "at_most": at_most}
    for row in sql.run("rehearsal/compare/differences", **found):
        yield Difference(**{name: text and json.loads(text) for name, text in row.items()})
