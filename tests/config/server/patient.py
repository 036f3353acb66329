"""The web process's own worker, with deadlines so long that only its own end shortens them."""

from config.server import loop
from config.server.worker import BufferedWorker

loop.READ_SECONDS, loop.WRITE_SECONDS = 600, 600

__all__ = ["BufferedWorker"]
