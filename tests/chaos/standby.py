"""A standby of the chaos tests' PostgreSQL, by streaming replication, that may take its place."""

import os
import signal
import subprocess
from contextlib import suppress

from config.development_database import NOBODY
from tests.chaos.proxy import Proxy
from tests.chaos.server import ChaosServer
from tests.support.database import RUNTIME
from tests.support.processes import eventually

STREAMING = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
SOON_SECONDS = 30


class Standby(ChaosServer):
    """A copy of `primary` that follows it over `line`, which the test may cut."""

    def __init__(self, primary: ChaosServer) -> None:
        super().__init__()
        self.primary, self.line = primary, Proxy(primary.port)

    def start(self) -> None:
        data = self.process.data
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, NOBODY, NOBODY)
        place = "-h", "127.0.0.1", "-p", str(self.line.port), "-U", "postgres"
        self.process.run("pg_basebackup", *place, "--write-recovery-conf", "--checkpoint=fast")
        super().start()
        assert eventually(lambda: self.states() == ["async"], SOON_SECONDS)

    def is_waited_for(self, synchronous_commit: str) -> None:
        """From now on the primary confirms no commit that this standby has not."""
        with self.primary.connect() as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute(f"ALTER SYSTEM SET synchronous_commit = {synchronous_commit}")  # type: ignore[call-overload]
            connection.execute("SELECT pg_reload_conf()")
        assert eventually(lambda: self.states() == ["sync"], SOON_SECONDS)

    def states(self) -> list[str]:
        """What the primary says of those that follow it."""
        with self.primary.connect() as connection:
            return [state for (state,) in connection.execute(STREAMING)]

    def has_all(self) -> bool:
        """Whether it has replayed all that the primary had written when this was asked."""
        with self.primary.connect() as connection:
            (written,) = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or ()
        with self.connect() as connection:
            return connection.execute(REPLAYED, [written]).fetchone() == (True,)

    def promote(self) -> None:
        """As what watches over both does, once the primary is gone for good."""
        self.process.run("pg_ctl", "-w", "-s", "promote")

    def remove(self) -> None:
        self.line.close()
        with suppress(subprocess.CalledProcessError):  # it was never started
            self.stop_at_once()
        super().remove()

    def url_of_both(self, name: str) -> str:
        """The runtime role's DATABASE_URL, with the primary first."""
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.port}"
        return f"postgresql://{RUNTIME}:test@{hosts}/{name}?target_session_attrs=read-write"


def lose(server: ChaosServer) -> None:
    """End all of its processes by SIGKILL, as with a machine that is gone."""
    pid = int((server.process.data / "postmaster.pid").read_text().splitlines()[0])
    with open(f"/proc/{pid}/task/{pid}/children") as found:
        children = [int(child) for child in found.read().split()]
    for each in (pid, *children):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    assert eventually(lambda: server.process.port() is None)
