"""What ends a process or a thread is told by its type and place; its words are printed nowhere."""

import subprocess
import sys

import pytest

from config.development_database import PROJECT
from tests.support.processes import environment
from tests.support.starting import CANARY

FAILING = """
import django; django.setup()
import threading
from config.uncaught import tell_in_the_log
from tests.config import failing

tell_in_the_log()
words = "cana" + "ry"
"""
ENDS = {
    "process": ("failing.outer(words)", "The process ends by an exception."),
    "thread": (
        "thread = threading.Thread(target=failing.outer, args=[words]); thread.start();"
        " thread.join(); raise SystemExit(1)",
        "A thread ends by an exception.",
    ),
}


@pytest.mark.parametrize("ends", ENDS)
def test_an_exception_that_nobody_caught_is_told_without_its_words(ends):
    code, sentence = ENDS[ends]
    values = environment("nowhere", DJANGO_SETTINGS_MODULE="config.settings")
    done = subprocess.run(
        [sys.executable, "-c", FAILING + code],
        cwd=PROJECT,
        env=values,
        capture_output=True,
        text=True,
        timeout=60,
    )
    line, place = done.stderr.splitlines()
    assert (done.returncode, CANARY in done.stderr) == (1, False)
    assert line.endswith(f"CRITICAL config.uncaught: {sentence}")
    assert place.startswith("  ValueError at tests/config/failing.py:")
