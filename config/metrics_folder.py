"""The folder in which the workers of one gunicorn keep their numbers, so that each can tell all.

Needs only the environment: prometheus_client decides as it is imported where it counts.
"""

import atexit
import os
import shutil
import tempfile

from config.environment import optional

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
IN_MEMORY = "/dev/shm"  # noqa: S108  a full disk must not stop who counts in a mapped file


def share_metrics() -> None:
    """Make the folder, if metrics are asked for; it is removed when this process ends."""
    if not optional("METRICS_TOKEN") or FOLDER in os.environ:
        return
    place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="messaging-metrics-", dir=place)
    atexit.register(remove, folder, of_process=os.getpid())


def remove(folder: str, of_process: int) -> None:
    """Remove the folder, unless this is a fork of the process that made it."""
    if os.getpid() == of_process:
        shutil.rmtree(folder, ignore_errors=True)
