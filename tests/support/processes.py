"""The project's commands and Procfile lines as an operator starts them, in an environment of the
test's choice.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests

from config.development_database import PROJECT
from tests.support import database

BIN = Path(sys.executable).parent
ONE_AT_A_TIME = threading.Lock()


def environment(name: str, **changes: str | None) -> dict[str, str]:
    """The tests' environment on the database `name`; None takes a variable away."""
    values = database.process_environment(name) | changes
    return {key: value for key, value in values.items() if value is not None}


def manage(name: str, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments, to its end, in a process of its own that warm.py forks."""
    return manage_in(PROJECT, environment(name, **changes), *arguments)


def manage_in(
    place: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """The same, of a copy of the project, with nothing in its environment but this."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = (Path(folder) / file for file in ("output", "errors"))
        order = {"arguments": arguments, "environment": environment}
        end = forked({**order, "folder": folder, "place": str(place)})
        return subprocess.CompletedProcess(
            ["manage.py", *arguments], end, output.read_text(), errors.read_text()
        )


def forked(order: dict[str, object]) -> int:
    """The exit code of what is ordered; minus the number of the signal that ended it."""
    with ONE_AT_A_TIME:
        stdin, stdout = warm().stdin, warm().stdout
        assert stdin and stdout
        print(json.dumps(order), file=stdin, flush=True)
        return int(stdout.readline())


@functools.cache
def warm() -> subprocess.Popen[str]:
    """It ends when this process does, with its standard input."""
    command = [sys.executable, "-m", "tests.support.warm"]
    return subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def start(name: str, *arguments: str, **changes: str | None) -> subprocess.Popen[str]:
    """`manage.py` with these arguments, running; the caller ends it."""
    command = [sys.executable, "manage.py", *arguments]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    return subprocess.Popen(command, cwd=PROJECT, env=environment(name, **changes), **quiet)


def start_line(
    name: str, process: str, *, port: int, **changes: str | None
) -> subprocess.Popen[str]:
    """A line of the Procfile, running; the caller ends it."""
    lines = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    values = environment(name, PORT=str(port), PATH=path, **changes)
    return subprocess.Popen(
        lines[process].split(),
        cwd=PROJECT,
        env=values,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answers(address: str) -> bool:
    """Whether a server is there already, and content with this address."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


def eventually(condition: Callable[[], bool], seconds: float = 20, *, pause: float = 0.05) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
