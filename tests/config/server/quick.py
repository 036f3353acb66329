"""The web process's own worker with short deadlines, and little room: what takes it minutes can be
tested in seconds.
"""

from config.server import loop, worker
from config.server.worker import BufferedWorker

loop.READ_SECONDS, loop.WRITE_SECONDS = 2, 2
worker.BUFFERED_BYTES = 16 * 1024 * 1024

__all__ = ["BufferedWorker"]
