"""Loops of a process: work that never ends, each in a thread with its own database connection."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection

from tenants.origins import fault_of, origin_of

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.25
LONGEST_PAUSE = 5.0  # where it fails again and again


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that `step` does a portion of. It returns whether it found any: 0 and False are none.
    `end` is called once, after the last step.
    """

    name: str
    step: Callable[[], int]
    end: Callable[[], None] | None = None

    def drain(self) -> None:
        """Do all that waits now."""
        while self.step():
            pass
        if self.end:
            self.end()

    def run(self, stopping: threading.Event) -> None:
        """Repeat the step, at once where it found something, until told to stop. No failure ends a
        loop: it is logged, and the work is tried again.
        """
        pause = IDLE_SECONDS
        while not stopping.is_set():
            try:
                has_found, pause = bool(self.step()), IDLE_SECONDS
            except Exception as error:
                self.log(error)
                connection.close()
                has_found, pause = False, min(2 * pause, LONGEST_PAUSE)
            if not has_found:
                stopping.wait(pause)
        self.finish()

    def finish(self) -> None:
        try:
            if self.end:
                self.end()
        except Exception as error:
            self.log(error)
        connection.close()

    def log(self, error: Exception) -> None:
        if isinstance(error, DatabaseError | InterfaceError):
            told = "The database failed %s (%s); trying again."
            logger.error(told, self.name, fault_of(error))
        else:
            told = "%s failed (%s at %s); trying again."
            logger.error(told, self.name, type(error).__name__, origin_of(error))


@contextmanager
def running(loops: Iterable[Loop]) -> Iterator[None]:
    """Run the loops beside what the process does; in the end, wait for their steps."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=loop.run, args=[stopping], name=loop.name, daemon=True)
        for loop in loops
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
