"""The project's own processes, run for real."""

import subprocess
import sys
import time
from collections.abc import Callable

from config.development_database import PROJECT
from tests.database import process_environment


def start(database: str, *command: str, **environment: str) -> subprocess.Popen:
    """`manage.py ...` in a process of its own, on this database."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=process_environment(database) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
