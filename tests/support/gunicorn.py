"""The web process as production runs it: the Procfile's line, on a port and a database of the
tests.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import requests

from config.development_database import PROJECT, free_port
from tests.support import gunicorn_signals
from tests.support.database import process_environment
from tests.support.processes import eventually

START_SECONDS = 60


class Gunicorn:
    """`changed`: the Procfile's line as the test wants it."""

    def __init__(self, database_name: str, log: Path, changed: Callable[[str], str] = str) -> None:
        self.port, self.log = free_port(), log
        self.url = f"http://127.0.0.1:{self.port}"
        lines = (PROJECT / "Procfile").read_text().splitlines()
        (command,) = [line.removeprefix("web:") for line in lines if line.startswith("web:")]
        words = shlex.split(changed(command))
        self.workers = int(words[words.index("--workers") + 1])
        environment = process_environment(database_name) | {
            "GUNICORN_CMD_ARGS": (
                f"--bind 127.0.0.1:{self.port} --config python:{gunicorn_signals.__name__}"
            ),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                words, cwd=PROJECT, env=environment, stdout=output, stderr=output
            )

    def is_complete(self) -> bool:
        """Whether it answers, and a SIGTERM would reach every worker."""
        try:
            is_well = requests.get(f"{self.url}/health", timeout=5).ok
        except requests.ConnectionError:
            return False
        return is_well and self.log.read_text().count(gunicorn_signals.HEARD) == self.workers

    def wait_until_it_answers(self) -> None:
        eventually(lambda: self.process.poll() is not None or self.is_complete(), START_SECONDS)
        if self.process.poll() is not None or not self.is_complete():
            self.kill()
            raise RuntimeError(f"gunicorn did not answer:\n{self.log.read_text()}")

    def end(self, within: float) -> int:
        """Its exit code after SIGTERM; raises subprocess.TimeoutExpired."""
        self.process.terminate()
        return self.process.wait(timeout=within)

    def stop(self) -> None:
        """After the tests: gently, then not."""
        try:
            self.end(within=40)  # longer than gunicorn waits for its workers
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """At once; its workers notice that their parent is gone."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
