"""What one measurement found."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from statistics import median
from time import perf_counter

from tests.benchmarks import cpu


@dataclass(kw_only=True)
class Figures:
    """Work of one kind. `app_ms` and `postgres_ms` are CPU milliseconds for each item, `waits` are
    milliseconds until single items were done, where that was measured.
    """

    name: str
    per_second: float = 0.0
    app_ms: float = 0.0
    postgres_ms: float = 0.0
    waits: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return the wait that this share of the items did not exceed; 0 without waits."""
        ordered = sorted(self.waits)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Figures":
        return cls(**json.loads(text))


@contextmanager
def measured(
    figures: Figures, *, apps: Sequence[int], postmaster: int, count: int
) -> Iterator[None]:
    """Measure a block that does `count` items: its rate, and the CPU time of the processes `apps`
    and of PostgreSQL.
    """
    began, app_before, postgres_before = (
        perf_counter(),
        sum(map(cpu.seconds_of, apps)),
        cpu.seconds_of(postmaster),
    )
    yield
    figures.per_second = count / (perf_counter() - began)
    figures.app_ms = 1000 * (sum(map(cpu.seconds_of, apps)) - app_before) / count
    figures.postgres_ms = 1000 * (cpu.seconds_of(postmaster) - postgres_before) / count


def medians_of(rounds: Iterable[Figures]) -> Figures:
    """Return the medians of what several rounds found for the same work, with all their waits."""
    found = list(rounds)
    return Figures(
        name=found[0].name,
        per_second=median(each.per_second for each in found),
        app_ms=median(each.app_ms for each in found),
        postgres_ms=median(each.postgres_ms for each in found),
        waits=[wait for each in found for wait in each.waits],
    )
