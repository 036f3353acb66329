"""The project's commands and Procfile lines as an operator starts them, in an environment of the test's choice."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.development_database import PROJECT
from tests import database

BIN = Path(sys.executable).parent


def environment(name: str, **changes: str | None) -> dict[str, str]:
    """The tests' environment on the database `name`; None takes a variable away."""
    values = database.process_environment(name) | changes
    return {key: value for key, value in values.items() if value is not None}


def manage(name: str, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments, to its end."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment(name, **changes), capture_output=True, text=True, timeout=120)


def start(name: str, *arguments: str, **changes: str | None) -> subprocess.Popen[str]:
    """`manage.py` with these arguments, running; the caller ends it."""
    command = [sys.executable, "manage.py", *arguments]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    return subprocess.Popen(command, cwd=PROJECT, env=environment(name, **changes), **quiet)


def start_line(name: str, process: str, *, port: int, **changes: str | None) -> subprocess.Popen[str]:
    """A line of the Procfile, running; the caller ends it."""
    lines = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    values = environment(name, PORT=str(port), PATH=path, **changes)
    return subprocess.Popen(
        lines[process].split(), cwd=PROJECT, env=values, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
