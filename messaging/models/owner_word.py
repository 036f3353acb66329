"""A word about who has a thread."""

from dataclasses import dataclass
from datetime import datetime

from channels_app.events import OwnerSource

RANKS = list(OwnerSource)


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
    def rank(self) -> tuple[datetime, int]:
        return self.at, RANKS.index(OwnerSource(self.told_by))
