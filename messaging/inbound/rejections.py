"""Summarize rejections: many parts of one delivery that are refused for the same reason are one
dead letter. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from channels_app.events import Event, Rejected

APART = 100  # of one reason, that may carry somebody's message: each can be looked at by itself


@dataclass(frozen=True, kw_only=True)
class SummedUp(Rejected):
    """Rejections for one reason, told as the first of them. `items`: those that may carry
    somebody's message, this one among them; each may be of another channel.
    """

    items: tuple[Rejected, ...] = field(default=(), repr=False)


@dataclass
class Sum:
    """Rejections for one reason that are summed up: the first of them, those that may carry
    somebody's message, and how many they are.
    """

    position: int
    first: Rejected
    items: list[Rejected] = field(default_factory=list)
    count: int = 0

    def add(self, event: Rejected) -> None:
        self.count += 1
        if not event.is_empty:
            self.items.append(event)

    def as_event(self) -> tuple[int, Rejected]:
        if self.count == 1:
            return self.position, self.first
        reason = (
            f"{self.first.reason} The delivery has {self.count} of these from here on; they are"
            " kept in its bytes alone."
        )
        told = vars(self.first) | {"reason": reason}
        return self.position, SummedUp(**told, items=tuple(self.items))


def summed_up(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """Yield each event with its position. Rejections without content, and those beyond APART of one
    reason, come last: one for each reason, at the position of its first.
    """
    sums: dict[tuple[str, bool], Sum] = {}
    apart: dict[str, int] = {}
    for position, event in enumerate(events):
        if isinstance(event, Rejected) and (event.is_empty or apart.get(event.reason, 0) >= APART):
            sums.setdefault((event.reason, event.is_empty), Sum(position, event)).add(event)
            continue
        if isinstance(event, Rejected):
            apart[event.reason] = apart.get(event.reason, 0) + 1
        yield position, event
    for rejections in sums.values():
        yield rejections.as_event()


def items_of(event: Event) -> tuple[Event, ...]:
    """Return what an event stands for: itself, or each of the rejections that it sums up."""
    return event.items if isinstance(event, SummedUp) and event.items else (event,)
