"""Bulkheads: requests of one kind wait for threads of their own, so that no flood of pages keeps a
webhook waiting.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from config.bounds import PAGE_BYTES, WEBHOOK_BYTES, WEBHOOKS
from config.server.connection import Connection

ALIVE = (b"/health", b"/health/")  # a load balancer must not take a busy process for a dead one

Begin = Callable[[Connection], None]


class Lane:
    """Threads, and a bounded queue before them. Used by the loop alone, so it needs no locks.

    `waiting`: how many requests may wait, None: as many as there are connections; `seconds`: how
    long each may.
    """

    def __init__(
        self, name: str, *, threads: int, waiting: int | None = None, seconds: float = 0
    ) -> None:
        self.name, self.threads = name, threads
        self.waiting, self.seconds = waiting, seconds
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.busy = 0
        self.queue: deque[tuple[float, Connection]] = deque()

    def put(self, connection: Connection, begin: Begin) -> bool:
        """Have a thread take the request, now or in its turn; False: there is no room for it."""
        if self.busy < self.threads:
            self.busy += 1
            begin(connection)
            return True
        if self.waiting is not None and len(self.queue) >= self.waiting:
            return False
        self.queue.append((time.monotonic(), connection))
        return True

    def finish(self, begin: Begin) -> None:
        """A thread has become free: it takes the next request."""
        if self.queue:
            begin(self.queue.popleft()[1])
        else:
            self.busy -= 1

    def expired(self) -> list[Connection]:
        """Take out what has waited too long."""
        gone = []
        while (
            self.waiting is not None
            and self.queue
            and self.queue[0][0] + self.seconds < time.monotonic()
        ):
            gone.append(self.queue.popleft()[1])
        return gone


@dataclass(frozen=True, slots=True)
class Place:
    """What a path asks for: the lane that serves it, how large a body may be there, and whether a
    refusal says why.
    """

    lane: Lane
    body_bytes: int
    explains: bool


class Lanes:
    """The webhooks' threads, and the pages': a third of all, at least one."""

    def __init__(self, threads: int) -> None:
        for_pages = max(1, threads // 3)
        webhooks = Lane("webhooks", threads=max(1, threads - for_pages))
        pages = Lane("pages", threads=for_pages, waiting=100, seconds=10)
        self.lanes = (webhooks, pages)
        # its sender is a program, or a stranger
        self.webhook = Place(webhooks, WEBHOOK_BYTES, explains=False)
        self.alive = Place(webhooks, PAGE_BYTES, explains=True)
        self.page = Place(pages, PAGE_BYTES, explains=True)

    def place_of(self, path: bytes) -> Place:
        if path.startswith(WEBHOOKS.encode()):
            return self.webhook
        return self.alive if path in ALIVE else self.page

    def __iter__(self) -> Iterator[Lane]:
        return iter(self.lanes)

    def shutdown(self, wait: bool = True) -> None:
        for lane in self:
            lane.pool.shutdown(wait=wait)
