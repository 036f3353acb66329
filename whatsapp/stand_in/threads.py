"""Who has which thread of a number that several responders share."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

US, OTHER, NOBODY = "us", "other", "nobody"
IDLE_SECONDS = 24 * 3600


class NotTheirs(Exception):
    """The second responder may not do this; the message says why."""


@dataclass
class Thread:
    owner: str = NOBODY
    heard_at: float = 0


@dataclass(kw_only=True)
class Threads:
    """By person. `clock`: seconds, as the webhooks tell the time."""

    clock: Callable[[], float] = time.time
    threads: dict[str, Thread] = field(default_factory=dict)

    def thread(self, person: str) -> Thread:
        """The person's, as it is now: idle for too long, it is nobody's."""
        thread = self.threads.setdefault(person, Thread())
        if self.clock() - thread.heard_at >= IDLE_SECONDS:
            thread.owner = NOBODY
        return thread

    def owner_of(self, person: str) -> str:
        return self.thread(person).owner

    def own(self, person: str, owner: str) -> None:
        """The owner of a thread that nobody has written in for long has it from now on."""
        thread = self.thread(person)
        if thread.owner == NOBODY:
            thread.heard_at = self.clock()
        thread.owner = owner

    def give(self, person: str, *, to: str, by: str) -> None:
        if self.owner_of(person) != by:
            raise NotTheirs("Only who has a thread gives it away.")
        self.own(person, to)
