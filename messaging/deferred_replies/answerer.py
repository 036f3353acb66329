"""One process's answering: a coordinator that leases, reads and settles, and threads that only ask
strategies.

The coordinator is whoever calls `work()`, always one thread; so a process holds one database
connection for answering, however many strategies are asked at once. A strategy that does not come
to an end is left behind after DEFERRED_REPLY_SECONDS. It keeps its thread: once as many hang as may
be asked at once, this process asks no more, and its replies end at their deadlines.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings

from messaging.database_errors import is_the_databases
from messaging.deferred_replies.asking import ask
from messaging.deferred_replies.leasing import Leaser
from messaging.deferred_replies.questions import prepared
from messaging.deferred_replies.settling import settle
from messaging.metrics.replies import ASKED, STRATEGY_SECONDS
from messaging.models import DeferredReply
from messaging.models.answering import Because
from messaging.models.reply_choice import Chosen
from messaging.replies import Question, Said
from tenants.origins import fault_of, origin_of

logger = logging.getLogger(__name__)

ASKED_AT_ONCE = 64
LOOK_SECONDS = 0.5
ENDED_AT_ONCE = 50  # that are too late, in one look
STOP_SECONDS = 3
# a strategy that ends its process with it is not asked for ever
GIVEN_UP_AFTER = 5

Ended = tuple[DeferredReply, Said | Because]


@contextmanager
def by_itself(reply: DeferredReply) -> Iterator[None]:
    """Let a reply that cannot be read or settled keep no other: it is logged, and tried again when
    its lease has run out. What is the database's own failure is raised.
    """
    try:
        yield
    except Exception as error:
        if is_the_databases(error):
            raise
        told = "The reply to message %s of tenant %s failed (%s at %s); it is tried again."
        whose = (reply.message_id, reply.tenant_id)
        logger.error(told, *whose, fault_of(error), origin_of(error))


class Answerer:
    """The coordinator of one process."""

    def __init__(self, at_once: int = ASKED_AT_ONCE) -> None:
        self.at_once = at_once
        self.leaser = Leaser()
        self.said: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self.under_way: dict[UUID, tuple[DeferredReply, float]] = {}
        self.left_behind: set[UUID] = set()
        self.stopping = threading.Event()
        self.next_look = 0.0  # by time.monotonic()

    def work(self) -> bool:
        """Wait until it is time to look, or a strategy has answered, and do what there is to do.
        Returns False if that was nothing, and nothing is under way.
        """
        seconds = max(0.0, self.next_look - time.monotonic())
        settled = self.settle_said(seconds if self.under_way else 0)
        if not self.under_way and seconds > 0 and not settled:
            self.stopping.wait(seconds)
        settled += self.leave_behind()
        begun = 0
        if time.monotonic() >= self.next_look or settled:
            begun = self.end_overdue() + self.begin()
            self.next_look = time.monotonic() + LOOK_SECONDS
        return bool(settled or begun or self.under_way)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask nothing more, settle what is said within `seconds`, and give the rest back: it is
        asked again.
        """
        self.stopping.set()
        ends = time.monotonic() + seconds
        while self.under_way and (left := ends - time.monotonic()) > 0:
            self.settle_said(left)
        self.leaser.give_back(self.under_way)

    def settle_said(self, seconds: float) -> int:
        """Settle what strategies have said; wait so long for the first word."""
        settled = 0
        while True:
            try:
                reply, said = self.said.get(timeout=0 if settled else seconds)
            except queue.Empty:
                return settled
            if asked := self.under_way.pop(reply.id, None):
                STRATEGY_SECONDS.observe(time.monotonic() - asked[1])
                self.settle(reply, said)
                settled += 1
            self.left_behind.discard(reply.id)

    def leave_behind(self) -> int:
        """Settle replies whose strategies take too long, and wait for them no more."""
        begun_before = time.monotonic() - settings.DEFERRED_REPLY_SECONDS
        hanging = [reply for reply, begun in self.under_way.values() if begun < begun_before]
        for reply in hanging:
            del self.under_way[reply.id]
            self.left_behind.add(reply.id)
            told = "The reply strategy took too long on message %s of tenant %s."
            logger.error(told, reply.message_id, reply.tenant_id)
            self.settle(reply, Because.TIMEOUT)
        return len(hanging)

    def end_overdue(self) -> int:
        overdue = self.leaser.overdue(ENDED_AT_ONCE)
        for reply in overdue:
            self.settle(reply, Because.TIMEOUT)
        return len(overdue)

    def begin(self) -> int:
        """Lease as many replies as there is room for, and ask their strategies."""
        leased = self.leaser.due(self.room(), full=self.full())
        for reply in leased:
            if reply.attempts >= GIVEN_UP_AFTER:
                self.settle(reply, Because.FAILED)
            else:
                self.ask_soon(reply)
        return len(leased)

    def room(self) -> int:
        """Return how many more strategies may be asked."""
        threads = len(self.under_way) + len(self.left_behind)
        return min(self.at_once - len(self.under_way), 2 * self.at_once - threads)

    def full(self) -> set[UUID]:
        """Return the tenants that have half of all strategies under way: others come first."""
        counted = Counter(reply.tenant_id for reply, _ in self.under_way.values())
        return {tenant for tenant, number in counted.items() if number >= self.at_once / 2}

    def ask_soon(self, reply: DeferredReply) -> None:
        with by_itself(reply):
            if ready := prepared(reply):
                self.under_way[reply.id] = reply, time.monotonic()
                ASKED.inc()
                threading.Thread(target=self.ask, args=[reply, *ready], daemon=True).start()

    def settle(self, reply: DeferredReply, said: Said | Because) -> None:
        with by_itself(reply):
            settle(reply, said)

    def ask(self, reply: DeferredReply, chosen: Chosen, question: Question) -> None:
        """Ask one strategy. Runs in a thread of its own."""
        self.said.put((reply, ask(chosen, question)))
