"""What any user of the machine, and any session of the database, sees meanwhile."""

import threading
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.chaos.stage import Stage

PAUSE_SECONDS = 0.05
STATEMENTS = "SELECT DISTINCT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


class Watch:
    """Looks at the command line of every process, and at the statement of every session, until it
    is stopped.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.command_lines: set[str] = set()
        self.statements: set[str] = set()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self) -> None:
        while not self.stopping.wait(PAUSE_SECONDS):
            self.command_lines |= command_lines()
            with suppress(psycopg.OperationalError):  # its server is stopped, too
                self.statements |= {query for (query,) in self.stage.rows(STATEMENTS)}

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


def command_lines() -> set[str]:
    found = set()
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            found.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found
