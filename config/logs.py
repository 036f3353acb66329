"""How log records are written: where an exception came from, and never what it holds."""

import logging
import re

from tenants.origins import origin_of


class Lines(logging.Formatter):
    """A line for each record; an exception as its type and the places that it came through, without
    its words.
    """

    def format(self, record: logging.LogRecord) -> str:
        # what another handler has made of the exception
        others, record.exc_text = record.exc_text, None
        line = super().format(record)
        record.exc_text = others
        return line

    def formatException(self, ei: tuple) -> str:  # noqa: N802  logging's name
        error: BaseException = ei[1]
        return f"  {type(error).__name__} at {origin_of(error)}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return ""


SEGMENT = re.compile(r"[\w-]{0,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class WithoutSecretsOfPaths(logging.Filter):
    """A request's path is told without what is too long for a word of ours: a signed link, a
    token.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request") and isinstance(record.args, tuple):
            record.args = tuple(
                told(each) if isinstance(each, str) and "/" in each else each
                for each in record.args
            )
        return True


def told(path: str) -> str:
    return "/".join(segment if SEGMENT.fullmatch(segment) else "…" for segment in path.split("/"))


class WithoutTracebackOfRefusals(logging.Filter):
    """A refused request (4xx) has no traceback: nothing is to be repaired."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
