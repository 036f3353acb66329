"""The product's processes as the tests run, kill, stop and restart them."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import requests

from config.development_database import PROJECT, free_port
from tests.support.processes import eventually

BIN = Path(sys.executable).parent
START_SECONDS = 30
WATCH_SECONDS = 0.1


class Running:
    """One command in a process group of its own, so that its children end with it. `place` is the
    code that it runs.
    """

    def __init__(
        self,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        place: Path = PROJECT,
    ) -> None:
        self.log = log
        values = {**environment, "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]])}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=place,
                env=values,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = self.process.pid

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def is_stopped(self) -> bool:
        return state_of(self.pid) == "T"

    def children(self) -> list[int]:
        with suppress(FileNotFoundError):
            return [
                int(pid)
                for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        return []

    def suspend(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        if not eventually(self.is_stopped, START_SECONDS):
            raise RuntimeError("SIGSTOP did not stop it.")

    def continue_(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """It and its children, at once, whatever state they are in."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def is_changed(environment: Mapping[str, str]) -> bool:
    """Whether a process of the product starts through the tests' own module: late, or with
    failpoints.
    """
    return bool(environment.get("FAILPOINTS") or environment.get("CHAOS_LATE"))


def command_of(environment: Mapping[str, str], *arguments: str) -> list[str]:
    entry = ["-m", "tests.chaos.manage"] if is_changed(environment) else ["manage.py"]
    return [sys.executable, *entry, *arguments]


class Web(Running):
    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        place: Path = PROJECT,
        host: str = "127.0.0.1",
    ) -> None:
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        lines = dict(line.split(": ", 1) for line in (place / "Procfile").read_text().splitlines())
        command = shlex.split(lines["web"])
        self.workers = int(command[command.index("--workers") + 1])
        if is_changed(environment):
            command = ["tests.chaos.wsgi" if word == "config.wsgi" else word for word in command]
        bound = {**environment, "GUNICORN_CMD_ARGS": f"--bind {host}:{self.port}"}
        super().__init__(command, bound, log, place)

    def is_complete(self) -> bool:
        return len(self.children()) == self.workers and self.is_healthy()

    def is_healthy(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/health", timeout=5).ok
        return False

    def wait_until_it_answers(self) -> None:
        if (
            not eventually(lambda: self.is_complete() or not self.is_alive(), START_SECONDS)
            or not self.is_alive()
        ):
            raise RuntimeError(f"gunicorn did not answer:\n{self.log.read_text()}")

    def is_well(self, check: str) -> bool | None:
        """What /health/ready says of one of its checks; None: it cannot ask the database."""
        checks = requests.get(f"{self.url}/health/ready", timeout=10).json()["checks"]
        return checks[check]["ok"] if check in checks else None


class Worker(Running):
    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        *arguments: str,
        place: Path = PROJECT,
    ) -> None:
        super().__init__(command_of(environment, "worker", *arguments), environment, log, place)

    def is_running(self) -> bool:
        """Alive, and done with starting."""
        return self.is_alive() and b"The worker is running." in self.log.read_bytes()

    def wait_until_it_runs(self) -> None:
        if (
            not eventually(lambda: self.is_running() or not self.is_alive(), START_SECONDS)
            or not self.is_alive()
        ):
            raise RuntimeError(f"The worker did not start:\n{self.log.read_text()}")


class Supervisor:
    """Keeps `count` workers running: what died is started again."""

    def __init__(self, start: Callable[[], Worker], count: int) -> None:
        self.start, self.workers, self.deaths = start, [start() for _ in range(count)], 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while not self.stopping.wait(WATCH_SECONDS):
            for place, worker in enumerate(self.workers):
                if not worker.is_alive():
                    self.deaths += 1
                    self.workers[place] = self.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


def state_of(pid: int) -> str:
    """The kernel's letter for a process: T where it is stopped."""
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def wait_at_least(since: float, seconds: float) -> None:
    """Until `seconds` have passed since `since` (time.monotonic()), where time itself is the
    condition.
    """
    time.sleep(max(0.0, since + seconds - time.monotonic()))
