"""One process's sending: a coordinator that owns lease, mark and settle, and threads that only
POST.

The coordinator is whoever calls `step()`, always one thread; so a process holds one database
connection for sending, however many POSTs are under way.
"""

import time
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from uuid_utils.compat import uuid7

from messaging.outbound import dispatch, outcomes

NIL = UUID(int=0)
# a channel has a quarter of the senders at most while another's messages are under way, and leaves
# a quarter free while none are: one that hangs leaves room for the others
CHANNELS_SHARE = 4


class Dispatcher:
    """The coordinator of one process. `senders`: POSTs at once. It never marks a message that it
    cannot POST at once.
    """

    def __init__(self, senders: int) -> None:
        self.senders = senders
        self.share = max(1, senders // CHANNELS_SHARE)
        self.room_alone = max(1, senders - self.share)
        self.pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")
        self.lease = uuid7()
        self.after = NIL
        self.leased: deque[UUID] = deque()
        self.under_way: dict[Future[dispatch.Result], UUID] = {}  # each POST's channel
        self.unsettled: list[dispatch.Result] = []  # somebody holds their messages locked

    def step(self) -> bool:
        """Settle the results that are there, then lease, mark and hand over as many messages as
        there are idle senders. Returns False if there was nothing to do.
        """
        settled = self.settle()
        idle = self.senders - len(self.under_way)
        looked_at = self.fetch() if idle and not self.leased else 0
        begun = [self.leased.popleft() for _ in range(min(idle, len(self.leased)))]
        if begun:
            self.begin(begun)
        return bool(settled or looked_at or begun)

    def is_busy(self) -> bool:
        return bool(self.under_way or self.unsettled)

    def begin(self, ids: list[UUID]) -> None:
        try:
            marked = dispatch.mark(ids, self.lease)
        except (DatabaseError, InterfaceError):
            self.leased.extendleft(reversed(ids))  # still ours, and not sent
            raise
        for ready in marked:
            self.under_way[self.pool.submit(dispatch.post, ready)] = ready.channel.id

    def wait_for_answers(self, seconds: float) -> None:
        """Wait until a POST has come back, or `seconds` have passed: where only results are left
        that could not be settled, somebody holds their rows for a while.
        """
        if self.under_way:
            wait(self.under_way, timeout=seconds, return_when="FIRST_COMPLETED")
        elif self.unsettled:
            time.sleep(seconds)

    def stop(self) -> None:
        """Begin nothing more; finish and record what is under way, and give back the rest."""
        self.leased.clear()
        wait(self.under_way)
        self.settle()
        dispatch.unlease(self.lease)
        self.pool.shutdown()

    def fetch(self) -> int:
        """Lease anew, the channels in turn from where the last lease ended, and once around if none
        of them may send. Returns how many messages were due.
        """
        self.lease = uuid7()
        ends = 1 if self.after == NIL else 2
        while ends:
            if due := self.lease_in_turn():
                return due
            ends -= self.after == NIL
        return 0

    def lease_in_turn(self) -> int:
        """Lease messages of the next channels. Returns how many were due, those that wait behind
        others included.
        """
        under_way = Counter(self.under_way.values())
        turn = dispatch.lease(
            self.lease,
            after=self.after,
            at_most=2 * self.senders,
            per_channel=self.share if len(under_way) > 1 else self.room_alone,
            under_way=under_way,
        )
        self.leased.extend(message.id for message in turn.messages)
        self.after = turn.reached or NIL
        return len(turn.messages) + turn.put_behind

    def settle(self) -> int:
        done = [future for future in self.under_way if future.done()]
        results = self.unsettled + [future.result() for future in done]
        if results:
            self.unsettled = outcomes.settle(results)
            for future in done:
                del self.under_way[future]
        return len(done)
