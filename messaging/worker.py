"""The worker process: deliveries in, messages out, and what heals by itself, each in a loop of its own.

A database that does not answer ends nothing: the loop waits, and leases run out by themselves.
"""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from uuid_utils.compat import uuid7

from messaging import inbound, outbound
from messaging.dispatcher import Dispatcher
from messaging.models import WorkerHeartbeat
from tenants.scope import router_scope

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 4
LONGEST_PAUSE = 5.0


class Worker:
    def __init__(self, senders: int) -> None:
        self.id = uuid7()
        self.dispatcher = Dispatcher(senders)
        self.stopping = threading.Event()
        self.news = threading.Event()  # answers were queued: the dispatcher need not wait for its next look

    def run(self) -> None:
        """Until `stop`; what is under way is finished and recorded."""
        threads = [
            threading.Thread(target=self.send_until_stopped, name="outbound"),
            threading.Thread(target=self.loop, args=(self.keep_up,), name="upkeep"),
        ]
        for thread in threads:
            thread.start()
        self.loop(self.take_in)
        self.news.set()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        self.stopping.set()

    def drain(self) -> None:
        """Everything that waits now, in this thread, and no more."""
        self.keep_up(pause=False)
        while inbound.process_due():
            pass
        while self.dispatcher.step() or self.dispatcher.under_way:
            self.dispatcher.wait_for_answers(settings.PIPELINE_POLL_SECONDS)
        self.dispatcher.stop()

    def take_in(self) -> None:
        if inbound.process_due():
            self.news.set()
        else:
            self.stopping.wait(settings.PIPELINE_POLL_SECONDS)

    def send(self) -> None:
        if self.dispatcher.step():
            return
        if self.dispatcher.under_way:
            self.dispatcher.wait_for_answers(settings.PIPELINE_POLL_SECONDS)
        else:
            self.news.wait(settings.PIPELINE_POLL_SECONDS)
            self.news.clear()

    def send_until_stopped(self) -> None:
        self.loop(self.send)
        self.dispatcher.stop()
        connection.close()

    def keep_up(self, pause: bool = True) -> None:
        with router_scope():
            WorkerHeartbeat.objects.beat(self.id)
        outbound.sweep()
        inbound.requeue_routable()
        if pause:
            self.stopping.wait(SWEEP_SECONDS)

    def loop(self, work: Callable[[], None]) -> None:
        pause = 0.1
        while not self.stopping.is_set():
            try:
                work()
                pause = 0.1
            except (DatabaseError, InterfaceError) as error:
                logger.error("The database failed the %s loop (%s); trying again.", work.__name__, inbound.fault_of(error))
                connection.close()
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        connection.close()
