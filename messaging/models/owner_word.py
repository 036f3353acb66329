"""A word about who has a thread."""

from dataclasses import dataclass
from datetime import datetime

from channels_app.events import OwnerSource

# Of the same second, the higher one counts: providers tell whole seconds. Our own are in the order
# of their moments.
RANKS = {
    OwnerSource.STANDBY: 0,
    OwnerSource.MESSAGE: 1,
    **dict.fromkeys((OwnerSource.WE_PASSED, OwnerSource.WE_RELEASED, OwnerSource.WE_TOOK), 2),
    OwnerSource.REFUSED: 3,
    OwnerSource.PASSED: 4,
    OwnerSource.TAKEN: 5,
    OwnerSource.UNCLEAR: 6,
}


@dataclass(frozen=True, slots=True)
class OwnerWord:
    """A word about who has a thread, and the moment that it speaks of."""

    owner: str
    told_by: str
    at: datetime
    note: str = ""

    def is_newer_than(self, other: "OwnerWord | None") -> bool:
        return other is None or self.rank > other.rank

    @property
    def rank(self) -> tuple[datetime, int, datetime]:
        return self.at.replace(microsecond=0), RANKS[OwnerSource(self.told_by)], self.at
