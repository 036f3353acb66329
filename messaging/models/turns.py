"""Turns of workers that look beside each other: one after the other, evenly apart."""

from dataclasses import dataclass
from typing import Self

# So many take part at most: what dead ones leave to the others for a few seconds must not wait for
# long. Those beyond share a turn.
MOST_SHARING = 8


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of one of `workers` workers. `rank`: how many of them come before it; `ahead`: by
    how many seconds the clock that all of them go by is ahead of this process's own.
    """

    rank: int = 0
    workers: int = 1
    ahead: float = 0.0

    @classmethod
    def among(cls, others: int, *, before: int, ahead: float) -> Self:
        """Return the turns of the one beside `others`, of whom `before` come before it."""
        workers = min(MOST_SHARING, 1 + others)
        return cls(before % workers, workers, ahead)

    def pause(self, period: float, now: float) -> float:
        """Return for how long this worker's next turn is away, at `now` by the process's clock,
        where somebody has a turn in each period.
        """
        since = now + self.ahead - self.rank * period
        cycle = self.workers * period
        return cycle - since % cycle
