"""Exceptions that nobody caught, told by the log as all others are: without their words, which
Python would print.
"""

import logging
import sys
import threading
from types import TracebackType

logger = logging.getLogger(__name__)


def tell_in_the_log() -> None:
    """From now on, log what ends this process or one of its threads."""
    sys.excepthook = process_ended
    threading.excepthook = thread_ended


def process_ended(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logger.critical("The process ends by an exception.", exc_info=(kind, error, trace))


def thread_ended(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value:
        told = "A thread ends by an exception."
        error = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
        logger.critical(told, exc_info=error)
