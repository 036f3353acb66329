"""Summarize rejections: many parts of one delivery that are refused for the same reason are one
dead letter. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from channels_app.events import Event, Rejected

APART = 100  # of one reason, that may carry somebody's message: each can be looked at by itself


@dataclass
class Sum:
    """Rejections for one reason that are summed up: the first of them, and how many they are."""

    position: int
    first: Rejected
    count: int = 0

    def as_event(self) -> tuple[int, Rejected]:
        if self.count == 1:
            return self.position, self.first
        reason = (
            f"{self.first.reason} The delivery has {self.count} of these from here on; they are"
            " kept in its bytes alone."
        )
        return self.position, replace(self.first, reason=reason)


def summed_up(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """Yield each event with its position. Rejections without content, and those beyond APART of one
    reason, come last: one for each reason, at the position of its first.
    """
    sums: dict[tuple[str, bool], Sum] = {}
    apart: dict[str, int] = {}
    for position, event in enumerate(events):
        if isinstance(event, Rejected) and (event.is_empty or apart.get(event.reason, 0) >= APART):
            sums.setdefault((event.reason, event.is_empty), Sum(position, event)).count += 1
            continue
        if isinstance(event, Rejected):
            apart[event.reason] = apart.get(event.reason, 0) + 1
        yield position, event
    for rejections in sums.values():
        yield rejections.as_event()
