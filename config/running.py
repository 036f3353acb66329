"""The copy that `make run` runs in this folder: only one at a time. Its environment is recorded in
a file for other commands.

Needs only Python 3: `make run` runs this module before it installs anything.
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
# Taken before config.environment loads .env, which is for another copy than `make run`'s.
GIVEN = {name: value for name, value in os.environ.items() if value}
DEFAULT_PORT = 8000


class Record:
    """The file with the running copy's environment, locked while that copy runs. It holds secrets,
    so only its owner may read it.
    """

    def __init__(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(RECORD, os.O_RDWR | os.O_CREAT, 0o600)
        self.file = os.fdopen(descriptor, "r+")

    def is_taken(self):
        """Return whether another process holds the lock. If none does, take it."""
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
        """Return the running copy's environment, or {} if that copy has not written it yet."""
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
    """Return why `make run` cannot start here and what to do, or an empty string if it can."""
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
    """Return PORT from the environment or .env, or DEFAULT_PORT if it is missing or invalid, which
    config.environment reports later.
    """
    env_file = PROJECT / ".env"
    lines = env_file.read_text("utf-8", "ignore") if env_file.exists() else ""
    found = re.search(r"""^(?:export )?PORT=["']?(\d+)""", lines, re.MULTILINE)
    text = os.environ.get("PORT", found.group(1) if found else "")
    return int(text) if text.isdigit() and 0 < int(text) < 65536 else DEFAULT_PORT


if __name__ == "__main__":
    sys.exit(obstacle(Record(), wanted_port()) or 0)
