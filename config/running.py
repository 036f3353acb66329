"""The copy that `make run` runs in this folder: one at a time, with its environment on record for
other commands.

Runs with any Python 3 and nothing installed: `make run` asks it first.
"""

import fcntl
import json
import os
import re
import socket
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("DEVELOPMENT_FOLDER") or PROJECT / ".devdb")
RECORD = FOLDER / "running"
# before a .env is read into it: that is another copy's
GIVEN = {name: value for name, value in os.environ.items() if value}
DEFAULT_PORT = 8000


class Record:
    """Locked for as long as its process lives. What it holds is secret: the file is its owner's
    alone.
    """

    def __init__(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(RECORD, os.O_RDWR | os.O_CREAT, 0o600)
        self.file = os.fdopen(descriptor, "r+")

    def is_taken(self):
        """Whether another process holds it; from now on this one does, if not."""
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

    def write(self, environment):
        self.file.seek(0)
        self.file.truncate()
        json.dump(environment, self.file)
        self.file.flush()

    def read(self):
        """The running copy's environment; {} while it is still starting."""
        self.file.seek(0)
        try:
            return json.load(self.file)
        except ValueError:
            return {}


def is_port_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def obstacle(record, port):
    """Return why `make run` cannot start here, and what to do; empty: it can."""
    if record.is_taken():
        address = record.read().get("PUBLIC_URL", "an address that it will print")
        return (
            f"It is running here already, at {address} - stop it with Ctrl-C there, or use it: make"
            " manage ARGS=status"
        )
    if is_port_taken(port):
        return f"Port {port} is taken. Choose another one: PORT={port + 1} make run"
    return ""


def wanted_port():
    """The port of the environment or of .env, as far as it is one; what it may be is checked later,
    with everything else.
    """
    env_file = PROJECT / ".env"
    lines = env_file.read_text("utf-8", "ignore") if env_file.exists() else ""
    found = re.search(r"""^(?:export )?PORT=["']?(\d+)""", lines, re.MULTILINE)
    text = os.environ.get("PORT", found.group(1) if found else "")
    return int(text) if text.isdigit() and 0 < int(text) < 65536 else DEFAULT_PORT


if __name__ == "__main__":
    sys.exit(obstacle(Record(), wanted_port()) or 0)
