"""One process's sending: a coordinator that owns lease, mark and settle, and threads that only POST.

The coordinator is whoever calls `step()`, always one thread; so a process holds one database connection for sending, however
many POSTs are under way.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import UUID

from django.db import DatabaseError
from uuid_utils.compat import uuid7

from messaging import outbound

NIL = UUID(int=0)


class Dispatcher:
    """`senders`: POSTs at once. Never marks what it cannot POST at once."""

    def __init__(self, senders: int) -> None:
        self.senders = senders
        self.pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")
        self.lease = uuid7()
        self.after = NIL
        self.leased: deque[UUID] = deque()
        self.under_way: set[Future[outbound.Result]] = set()

    def step(self) -> bool:
        """Settle what came back, then lease, mark and hand over as much as there are idle senders; False: nothing to do."""
        settled = self.settle()
        idle = self.senders - len(self.under_way)
        if idle and not self.leased:
            self.fetch()
        begun = [self.leased.popleft() for _ in range(min(idle, len(self.leased)))]
        if begun:
            self.begin(begun)
        return bool(settled or begun)

    def begin(self, ids: list[UUID]) -> None:
        try:
            marked = outbound.mark(ids, self.lease)
        except DatabaseError:
            self.leased.extendleft(reversed(ids))  # still ours, and not sent
            raise
        self.under_way |= {self.pool.submit(outbound.post, dispatch) for dispatch in marked}

    def wait_for_answers(self, seconds: float) -> None:
        """Until a POST has come back, or `seconds` have passed."""
        wait(self.under_way, timeout=seconds, return_when="FIRST_COMPLETED")

    def stop(self) -> None:
        """Begin nothing more; finish and record what is under way, and give back the rest."""
        self.leased.clear()
        wait(self.under_way)
        self.settle()
        outbound.unlease(self.lease)
        self.pool.shutdown()

    def fetch(self) -> None:
        """Lease anew, the channels in turn: from where the last turn ended, then from the beginning."""
        self.lease = uuid7()
        messages = outbound.lease(self.lease, self.after, at_most=2 * self.senders)
        if not messages and self.after != NIL:
            messages = outbound.lease(self.lease, NIL, at_most=2 * self.senders)
        self.after = max((message.channel_id for message in messages), default=NIL)
        self.leased.extend(message.id for message in messages)

    def settle(self) -> int:
        done = {future for future in self.under_way if future.done()}
        if done:
            outbound.settle(future.result() for future in done)
            self.under_way -= done
        return len(done)
