"""A peer: its database, its processes, and the flood of webhooks."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from config.development_database import free_port
from tests.benchmarks.figures import Figures
from tests.benchmarks.peers.bodies import with_user_ids
from tests.benchmarks.place import Place
from tests.benchmarks.served import flood, procfile, started
from tests.support.processes import eventually

FOLDER = Path(__file__).parent
STORED = "SELECT count(*) FROM messages"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """An application of this folder. `python`: of its own environment. `rows`: messages that it
    stores for each that comes in.
    """

    name: str
    module: str
    database: str
    python: Path
    rows: int

    def set_up(self, place: Place, *arguments: str) -> None:
        """Make its database, and let it make its tables."""
        with psycopg.connect(place.superuser_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.database} OWNER app")
        command = [str(self.python), f"{self.module}.py", *arguments]
        environment = self.environment(place)
        if subprocess.run(command, cwd=FOLDER, env=environment).returncode:
            raise SystemExit(f"{self.name} could not make its tables.")

    def door(self, place: Place, count: int, channels: int, *, warm_up: int) -> Figures:
        """Post `count` webhooks as fast as they are answered, after so many that are not counted.
        It is done when all is stored.
        """
        with (
            psycopg.connect(place.url(self.database), autocommit=True) as rows,
            self.running(place) as (process, port),
        ):
            wanted = stored(rows) + (warm_up + count) * self.rows
            return flood(
                Figures(name=self.name),
                place,
                process.pid,
                port,
                with_user_ids(warm_up + count, channels),
                warm_up=warm_up,
                all_is_stored=lambda: stored(rows) == wanted,
            )

    @contextmanager
    def running(self, place: Place) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """Run as many processes as the Procfile's web has. Yields the first, all answering, and
        their port.
        """
        port, number, answered = free_port(), workers(), set[bytes]()
        command = [
            *(str(self.python), "-m", "uvicorn", f"{self.module}:app", "--port", str(port)),
            *("--workers", str(number), "--no-access-log", "--log-level", "error"),
        ]

        def all_answer() -> bool:
            answered.update(who_answers(port))
            return len(answered) == number

        with started(command, FOLDER, self.environment(place)) as process:
            if not eventually(all_answer, 60):
                raise SystemExit(f"{self.name} does not answer.")
            yield process, port

    def environment(self, place: Place) -> dict[str, str]:
        return place.environment(DATABASE_URL=place.url(self.database, "app"))


def workers() -> int:
    found = re.search(r"--workers (\d+)", procfile()["web"])
    return int(found[1]) if found else 1


def stored(rows: psycopg.Connection) -> int:
    (count,) = rows.execute(STORED).fetchone() or (0,)
    return count


def who_answers(port: int) -> set[bytes]:
    """Return the process id that a peer's /health says; nothing while none answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return {answer.read()}
    except (URLError, OSError):
        return set()
