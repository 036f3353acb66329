"""Somebody who follows a page: types what it says in a copy of the project, with their own words in
the place of the page's.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import requests

from tests.documents.pages import KEEPS_RUNNING, SAYS, Step, is_as_shown, renamed_ids, with_words

TIMEOUT_SECONDS, READY_SECONDS = 120, 90
BASH, PSQL = ["/bin/bash", "-c"], ["psql", "-v", "ON_ERROR_STOP=1", "-f", "-"]
# what is installed is not installed again
MAKE = 'make() { command make -o .venv/installed "$@"; }\n'


class Reader:
    """`address`: where `web` is ready once what keeps running is up; `owner_url`: whose SQL it is;
    `printed`: by the last command.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        words: Mapping[str, str],
        *,
        address: str,
        owner_url: str,
    ) -> None:
        self.folder, self.address, self.owner_url = folder, address, owner_url
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = {**environment, "PATH": path}
        self.words = dict(words)
        self.running: list[subprocess.Popen[str]] = []
        self.printed = ""

    def follow(self, step: Step) -> str:
        """Type it. Returns what is wrong: what it printed, where that is not what the page shows;
        empty if all is as it should be.
        """
        text = with_words(step.typed.text, self.words)
        if step.typed.mark.startswith(KEEPS_RUNNING):
            return self.keep_running(text.splitlines(), step.typed.mark.partition(SAYS)[2])
        if step.typed.language == "sql":
            done = self.ask(text)
        else:
            done = self.type(f"set -euo pipefail\n{MAKE}{text}")
        printed = self.printed = done.stdout
        if done.returncode != step.typed.exit_code:
            return f"{printed}\n(exit code {done.returncode})"
        if step.printed is None:
            return ""
        shown = with_words(step.printed, self.words)
        self.words |= renamed_ids(printed, shown)
        return "" if is_as_shown(printed, shown) else printed

    def type(self, text: str) -> subprocess.CompletedProcess[str]:
        """What it prints, stderr included, and its exit code."""
        return subprocess.run(
            [*BASH, text],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )

    def ask(self, statements: str) -> subprocess.CompletedProcess[str]:
        """Run SQL as the page says, in psql."""
        return subprocess.run(
            [*PSQL, self.owner_url],
            input=statements,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )

    def keep_running(self, lines: list[str], says: str) -> str:
        for number, line in enumerate(lines):
            with (self.folder / f"terminal-{number}.log").open("w") as log:
                process: subprocess.Popen[str] = subprocess.Popen(
                    [*BASH, f"{MAKE}{line}"],
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    text=True,
                    start_new_session=True,
                )
            self.running.append(process)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if self.is_ready() and says in self.said():
                return ""
            time.sleep(0.2)
        return f"It did not become ready.\n{self.said()}"

    def said(self) -> str:
        """What was printed in the terminals of what keeps running."""
        return "".join(log.read_text() for log in sorted(self.folder.glob("terminal-*.log")))

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.address}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def leave(self) -> None:
        """Press Ctrl-C in every terminal."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        for process in self.running:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
