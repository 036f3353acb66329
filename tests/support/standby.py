"""A streaming standby of the tests' server, which a test may hold back or stop."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.development_database import NOBODY, THROWAWAY, Server, free_port
from tests.support import database
from tests.support.processes import eventually

SAME = "max_connections=300"  # a standby has at least as many as its primary


class Standby:
    """Serves the same databases at `port`, from `start` on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="messaging-standby-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.server, self.port = Server(self.folder / "data"), 0

    def start(self) -> None:
        data, primary = self.server.data, os.environ["TEST_SERVER"].rsplit(":", 1)[1].split("/")[0]
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, NOBODY, NOBODY)
        place = "-h", "127.0.0.1", "-p", primary, "-U", "postgres"
        self.server.run("pg_basebackup", *place, "--write-recovery-conf", "--checkpoint=fast")
        self.port = free_port()  # the same after a restart
        self.server = Server(data, options=(*THROWAWAY, SAME, f"port={self.port}"))
        self.server.start()

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def ask(self, query: str, name: str = "postgres") -> object:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            (value,) = connection.execute(query.encode()).fetchone() or (None,)
        return value

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """It replays nothing meanwhile."""
        self.ask("SELECT pg_wal_replay_pause()")
        assert eventually(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            self.ask("SELECT pg_wal_replay_resume()")

    def remove(self) -> None:
        self.server.stop()
        database.remove(self.server)
