"""Bulkheads: webhooks, the API and pages have separate thread pools and queues, so that a flood of
one never delays another.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from config.body_limits import API, MEDIA, MEDIA_BYTES, PAGE_BYTES, WEBHOOK_BYTES, WEBHOOKS
from config.server.connection import Connection

ALIVE = (b"/health", b"/health/")  # a load balancer must not take a busy process for a dead one

Begin = Callable[[Connection], None]


class Lane:
    """A thread pool and its queue. Only the event loop uses a lane, so it needs no locks.

    `waiting`: how many requests may be queued, None: any number; `seconds`: how long each may be
    queued, where `waiting` is a number.
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
        """Begin or queue the request. Returns False if no thread is free and the queue is full."""
        if self.busy < self.threads:
            self.busy += 1
            begin(connection)
            return True
        if self.waiting is not None and len(self.queue) >= self.waiting:
            return False
        self.queue.append((time.monotonic(), connection))
        return True

    def finish(self, begin: Begin) -> None:
        """Note that a thread has become free, and begin the next queued request."""
        if self.queue:
            begin(self.queue.popleft()[1])
        else:
            self.busy -= 1

    def expired(self) -> list[Connection]:
        """Remove the connections queued for longer than `seconds`, and return them."""
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
    """Where a path is served: its lane, the largest request body in bytes, and whether a refusal
    has a text that explains it.
    """

    lane: Lane
    body_bytes: int
    explains: bool


class Lanes:
    """The lanes of webhooks, of the API and of pages. The API and pages each get a quarter of the
    threads, at least one.
    """

    def __init__(self, threads: int) -> None:
        quarter = max(1, threads // 4)
        webhooks = Lane("webhooks", threads=max(1, threads - 2 * quarter))
        api = Lane("api", threads=quarter, waiting=200, seconds=10)
        pages = Lane("pages", threads=quarter, waiting=100, seconds=10)
        self.lanes = (webhooks, api, pages)
        # a program reads no explanation, and a stranger gets none
        self.webhook = Place(webhooks, WEBHOOK_BYTES, explains=False)
        self.alive = Place(webhooks, PAGE_BYTES, explains=True)
        self.api = Place(api, PAGE_BYTES, explains=True)
        self.media = Place(api, MEDIA_BYTES, explains=True)
        self.page = Place(pages, PAGE_BYTES, explains=True)

    def place_of(self, path: bytes) -> Place:
        if path.startswith(WEBHOOKS.encode()):
            return self.webhook
        if path.startswith(API.encode()):
            return self.media if path == MEDIA.encode() else self.api
        return self.alive if path in ALIVE else self.page

    def __iter__(self) -> Iterator[Lane]:
        return iter(self.lanes)

    def shutdown(self, wait: bool = True) -> None:
        for lane in self:
            lane.pool.shutdown(wait=wait)
