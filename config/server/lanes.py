"""Bulkheads: requests of one kind wait for threads of their own, so that no flood of pages keeps a webhook waiting."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from config.server.connection import Connection

MIB = 1024 * 1024
WEBHOOKS = b"/api/webhooks/"
ALIVE = (b"/health", b"/health/")  # a load balancer must not take a busy process for a dead one

Begin = Callable[[Connection], None]


class Lane:
    """Threads, and a bounded queue before them. Used by the loop alone, so it needs no locks.

    `waiting`: how many requests may wait, None: as many as there are connections; `seconds`: how long each may.
    `body_bytes`: the most that a request's body may have.
    """

    def __init__(self, name: str, *, threads: int, body_bytes: int, waiting: int | None = None, seconds: float = 0) -> None:
        self.name, self.threads, self.body_bytes = name, threads, body_bytes
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
        while self.waiting is not None and self.queue and self.queue[0][0] + self.seconds < time.monotonic():
            gone.append(self.queue.popleft()[1])
        return gone


class Lanes:
    """The webhooks' threads, and the pages': a third of all, at least one."""

    def __init__(self, threads: int) -> None:
        for_pages = max(1, threads // 3)
        self.webhooks = Lane("webhooks", threads=max(1, threads - for_pages), body_bytes=8 * MIB)
        self.pages = Lane("pages", threads=for_pages, body_bytes=MIB, waiting=100, seconds=10)

    def of(self, path: bytes) -> Lane:
        return self.webhooks if path.startswith(WEBHOOKS) or path in ALIVE else self.pages

    def __iter__(self) -> Iterator[Lane]:
        return iter((self.webhooks, self.pages))

    def shutdown(self, wait: bool = True) -> None:
        for lane in self:
            lane.pool.shutdown(wait=wait)
