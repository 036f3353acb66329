"""One process's delivering: a coordinator that leases endpoints and records their turns, and
threads that only POST.

The coordinator is whoever calls `step()`, always one thread; so a process holds one database
connection for delivering, however many requests are under way.

Endpoints that hang do not stand in the way of others. Those whose last answer took long share a
quarter of the threads. The other three quarters are for those that answer quickly: a third of these
at once, so that one that begins to hang has left the next one room. It takes twice as many that
begin to hang within POST_SECONDS to hold up others, and no longer than that, because from then on
they are in the first quarter.
"""

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from messaging.database_errors import RETRY_LATER, is_the_databases
from messaging.models import WebhookEndpoint
from messaging.outgoing_webhooks import leasing
from messaging.outgoing_webhooks.leasing import Look
from messaging.outgoing_webhooks.posting import SLOW_SECONDS, Poster
from messaging.outgoing_webhooks.recording import record
from messaging.outgoing_webhooks.turns import Result, Taking, Turn
from tenants.origins import origin_of, sqlstate

logger = logging.getLogger(__name__)

SENDERS = 16  # quick endpoints at once
TURN_SECONDS = 1.0  # after which an endpoint begins no further request: others have their turn
REQUESTS = 100  # of an endpoint in its turn
PAUSE_SECONDS = 0.2  # between two looks, unless there is more than was found
STOP_SECONDS = 3


class Deliverer:
    """The coordinator of one process."""

    def __init__(self, senders: int = SENDERS) -> None:
        self.senders = senders
        self.quick, self.slow = Look(slow=False), Look(slow=True)
        self.pool = ThreadPoolExecutor(4 * senders, thread_name_prefix="webhooks")
        self.under_way: dict[Future[Result], tuple[Turn, float]] = {}
        self.stopping = threading.Event()
        self.next_look = 0.0  # by time.monotonic()
        # the last look found as much as there was room for: there may be more
        self.is_full = False

    def work(self) -> bool:
        """Wait until it is time to look, or a turn is over, and do what there is to do. Returns
        False if that was nothing, and nothing is under way.
        """
        seconds = self.next_look - time.monotonic()
        if seconds > 0 and self.under_way:
            wait(self.under_way, timeout=seconds, return_when="FIRST_COMPLETED")
        elif seconds > 0:
            self.stopping.wait(seconds)
        return self.step() or bool(self.under_way)

    def step(self) -> bool:
        """Record the turns that are over, and begin others. Returns False if there was nothing to
        do.
        """
        recorded = self.record_finished()
        is_time = time.monotonic() >= self.next_look or bool(recorded and self.is_full)
        begun = self.begin() if is_time else 0
        return bool(recorded or begun)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Begin nothing more, and record what is over within `seconds`. What is not is sent again
        when its lease has run out.
        """
        self.stopping.set()
        wait(self.under_way, timeout=seconds)
        self.record_finished()
        self.pool.shutdown(wait=False, cancel_futures=True)

    def begin(self) -> int:
        """Lease as many endpoints as there is room for, and begin their turns."""
        slow_room, quick_room = self.room()
        leased = self.quick.lease(quick_room)
        self.is_full = len(leased) >= quick_room
        self.next_look = time.monotonic() + PAUSE_SECONDS
        self.begin_turns(leased)
        slow = self.slow.lease(slow_room) if quick_room > 0 else []
        self.begin_turns(slow)
        return len(leased) + len(slow)

    def begin_turns(self, leased: list[WebhookEndpoint]) -> None:
        """One begins before the next is read: where the database fails, those before it go on."""
        for endpoint in leased:
            if turn := leasing.turn_of(endpoint):
                self.under_way[self.pool.submit(self.take, turn)] = turn, time.monotonic()

    def room(self) -> tuple[int, int]:
        """Return how many slow and how many quick endpoints may have their turn."""
        ages = [(turn.endpoint.is_slow, begun) for turn, begun in self.under_way.values()]
        slow = sum(is_slow for is_slow, _ in ages)
        recently = time.monotonic() - SLOW_SECONDS
        quick = sum(begun > recently for is_slow, begun in ages if not is_slow)
        others = 3 * self.senders - (len(ages) - slow)
        return self.senders - slow, min(self.senders - quick, others)

    def take(self, turn: Turn) -> Result:
        """Take an endpoint's turn. Runs in a thread of its own and never touches the database."""
        ends = time.monotonic() + TURN_SECONDS

        def has_time(requests: int) -> bool:
            return requests < REQUESTS and time.monotonic() < ends and not self.stopping.is_set()

        poster = Poster(turn.endpoint.url, turn.secrets)
        try:
            return Taking(turn, poster, has_time).take()
        finally:
            poster.close()

    def record_finished(self) -> int:
        """Record the turns that are over. While the database fails, they stay for the next time."""
        finished = [future for future in self.under_way if future.done()]
        for future in finished:
            turn, _ = self.under_way[future]
            try:
                record(turn, future.result())
            except Exception as error:
                if is_the_databases(error) or sqlstate(error) in RETRY_LATER:
                    raise
                told = "The turn of webhook endpoint %s failed (%s at %s); it is repeated."
                name, place = type(error).__name__, origin_of(error)
                logger.error(told, turn.endpoint.id, name, place)
            del self.under_way[future]
        return len(finished)
