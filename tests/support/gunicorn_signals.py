"""gunicorn's configuration in the tests: each worker says when its signal handlers are its own.

Until then it has the master's, and a SIGTERM to it is lost: the master waits for it as long as
--graceful-timeout, 30 seconds.
"""

from typing import Any

HEARD = "This worker hears signals."


def post_worker_init(worker: Any) -> None:
    worker.log.info(HEARD)
