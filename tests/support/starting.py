"""What a process says of the environment that it starts in."""

import json
import re
import subprocess
import sys

from config.development_database import PROJECT
from tests.support.processes import environment, manage

CANARY = "canary"


def unset(name: str, purpose: str) -> str:
    """The sentence about a required variable without a value."""
    return (
        f"{name} is not set: it {purpose}. Set it in the environment or in .env (see .env.example)."
    )


def refuses(**changes: str | None) -> list[str]:
    """The sentences with which `manage.py check` ends; nothing else is written, and the values are
    not repeated.
    """
    done = manage("nowhere", "check", **changes)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.findall(CANARY, done.stderr) == []
    return done.stderr.splitlines()


def values(*names: str, **changes: str | None) -> list:
    """These settings as a process with this environment has them."""
    program = (
        "import json; from config import settings; print(json.dumps([getattr(settings, n) for n in"
        f" {names!r}]))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment("nowhere", **changes), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)
