"""The worker process: deliveries in, messages out, and periodic sweeps, each in a loop of its own.

A database that does not answer ends nothing: the loop waits, and leases run out by themselves.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from uuid_utils.compat import uuid7

from messaging import sql
from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps
from messaging.models import WorkerHeartbeat
from messaging.models.turns import Turns
from messaging.monitoring import alerts
from messaging.outbound import dispatch
from messaging.outbound.dispatcher import Dispatcher
from tenants.origins import fault_of, origin_of
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 5
WATCH_SECONDS = 30
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
# a loop that has not come round for so long: the worker no longer counts as alive
STUCK_SECONDS = 120
LAST_TRIES_SECONDS = 5
# what a look that is made eight times a second may do, whatever the planner believes to be due
READS_INDEXES = {"enable_seqscan": "off", "enable_bitmapscan": "off", "enable_sort": "off"}
# The loop that sends is told by the other what is due, but looks by itself, too: in these pauses
# while nothing was due, and as often as the other for a while after something was.
UNTOLD_SECONDS = 2
AWAKE_SECONDS = 5
# The pause after a small batch of deliveries: what comes meanwhile shares the statements of the
# next one, which saves a sixth of the CPU time at 400 webhooks a second. Workers beside each other
# pause for as long as the others' looks and pauses take, too: their batches are as large as those
# of one alone.
SMALL_BATCH, GATHER_SECONDS = 50, 0.05


class Worker:
    def __init__(self, senders: int) -> None:
        self.id = uuid7()
        self.leaser, self.dispatcher = DeliveryLeaser(), Dispatcher(senders)
        self.stopping = threading.Event()
        # the loop that sends need not wait for its next look
        self.messages_due = threading.Event()
        self.awake_until = 0.0  # by time.monotonic()
        self.turns = Turns()  # among the workers that look
        self.turned: dict[str, float] = {}  # when each loop last came round
        self.threads = [
            threading.Thread(target=loop)
            for loop in (self.take_in_loop, self.send_loop, self.upkeep_loop)
        ]
        # whoever stops does not wait for a mail server
        self.watcher = threading.Thread(target=self.watch_loop, daemon=True)

    def start(self) -> None:
        for work in (self.take_in, self.send, self.keep_up):
            self.turned[work.__name__] = time.monotonic()
        for thread in (*self.threads, self.watcher):
            thread.start()

    def stop(self) -> None:
        """Begin nothing more, and return when everything under way is finished and recorded."""
        self.stopping.set()
        self.messages_due.set()
        for thread in self.threads:
            thread.join()
        self.tried(self.end, "end")

    def drain(self) -> None:
        """Process everything that waits now, in this thread, and no more."""
        self.beat()
        for sweep in sweeps.SWEEPS:
            sweeps.run_sweep(sweep)
        while self.leaser.process_due():
            pass
        while self.dispatcher.step() or self.dispatcher.is_busy() or dispatch.is_paced():
            self.dispatcher.wait_for_answers(settings.PIPELINE_POLL_SECONDS)
        self.dispatcher.stop()
        self.end()

    def take_in_loop(self) -> None:
        self.loop(self.take_in)

    def send_loop(self) -> None:
        self.loop(self.send)
        end = time.monotonic() + LAST_TRIES_SECONDS
        while not self.tried(self.dispatcher.stop, "stop") and time.monotonic() < end:
            time.sleep(0.5)

    def upkeep_loop(self) -> None:
        self.loop(self.keep_up)

    def take_in(self) -> None:
        """Look what is due, in one transaction for both loops, and process deliveries."""
        begun = time.monotonic()
        with router_scope(**READS_INDEXES):
            (due,) = sql.run("monitoring/what_is_due")
        if due["messages"]:
            self.messages_due.set()
        new = self.leaser.process_new() if due["new"] else 0
        if new:
            self.messages_due.set()  # answers
        old = self.leaser.process_rest() if due["rests"] else 0
        old += self.leaser.process_suspect() if due["suspects"] else 0
        if not new and not old:
            now = time.monotonic()
            self.stopping.wait(self.turns.pause(settings.PIPELINE_POLL_SECONDS, now))
        elif not old and new < SMALL_BATCH and not due["in_plenty"]:
            self.gather(begun)

    def gather(self, begun: float) -> None:
        """Pause after a small batch, whose look began at `begun` (time.monotonic()), while the
        others have their turns.
        """
        turn = time.monotonic() - begun + GATHER_SECONDS
        self.stopping.wait(GATHER_SECONDS + (self.turns.workers - 1) * turn)

    def send(self) -> None:
        if self.dispatcher.step():
            self.awake_until = time.monotonic() + AWAKE_SECONDS
        elif self.dispatcher.is_busy():
            self.dispatcher.wait_for_answers(settings.PIPELINE_POLL_SECONDS)
        elif self.wait_for_messages():
            self.awake_until = time.monotonic() + AWAKE_SECONDS

    def wait_for_messages(self) -> bool:
        """Wait until messages are due, or it is time to look. Returns whether they are."""
        is_awake = time.monotonic() < self.awake_until
        are_due = self.messages_due.wait(
            settings.PIPELINE_POLL_SECONDS * self.turns.workers if is_awake else UNTOLD_SECONDS
        )
        self.messages_due.clear()
        return are_due

    def keep_up(self) -> None:
        if all(time.monotonic() - turned < STUCK_SECONDS for turned in self.turned.values()):
            self.beat()
        for sweep in sweeps.SWEEPS:
            self.tried(partial(sweeps.run_sweep, sweep), sweep.__name__)
        self.stopping.wait(SWEEP_SECONDS)

    def watch_loop(self) -> None:
        """Watch for problems instead of the jobs process where none is alive. A slow mail server
        delays no other loop.
        """
        while not self.stopping.wait(WATCH_SECONDS):
            self.tried(alerts.watch_instead_of_jobs, "watch")
            connection.close()

    def beat(self) -> None:
        with router_scope():
            self.turns = WorkerHeartbeat.objects.beat(self.id)

    def end(self) -> None:
        with router_scope():
            WorkerHeartbeat.objects.end(self.id)

    def loop(self, work: Callable[[], None]) -> None:
        pause = SHORTEST_PAUSE
        while not self.stopping.is_set():
            if self.tried(work, work.__name__):
                pause = SHORTEST_PAUSE
                self.turned[work.__name__] = time.monotonic()
            else:
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        connection.close()

    def tried(self, work: Callable[[], None], name: str) -> bool:
        """Return whether the work succeeded. No failure ends a loop: it is logged, and the work is
        tried again.
        """
        try:
            work()
            return True
        except (DatabaseError, InterfaceError) as error:
            logger.error("The database failed %s (%s); trying again.", name, fault_of(error))
            connection.close()
        except Exception as error:
            logger.error(
                "%s failed (%s at %s); trying again.", name, type(error).__name__, origin_of(error)
            )
        return False
