"""How log records are written: where an exception came from, and never what it holds."""

import logging

from tenants.origins import origin_of


class Lines(logging.Formatter):
    """A line for each record; an exception as its type and the places that it came through, without its words."""

    def format(self, record: logging.LogRecord) -> str:
        others, record.exc_text = record.exc_text, None  # what another handler has made of the exception
        line = super().format(record)
        record.exc_text = others
        return line

    def formatException(self, ei: tuple) -> str:  # noqa: N802  logging's name
        error: BaseException = ei[1]
        return f"  {type(error).__name__} at {origin_of(error)}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return ""


class WithoutTracebackOfRefusals(logging.Filter):
    """A refused request (4xx) has no traceback: nothing is to be repaired."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
