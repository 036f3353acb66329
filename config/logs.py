"""Log formatter and filters: exceptions without their messages, paths without secrets."""

import logging
import re
from copy import copy

from config.log_words import words_of
from tenants.origins import origin_of


class Lines(logging.Formatter):
    """Format an exception as its type and the functions that it passed through, without its message
    or any value.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy(record)
        shown.msg, shown.args = words_of(record), ()
        shown.exc_text = None  # another formatter may have cached its own text of the exception
        return super().format(shown)

    def formatException(self, ei: tuple) -> str:  # noqa: N802  logging's name
        error: BaseException = ei[1]
        return f"  {type(error).__name__} at {origin_of(error)}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return ""


SEGMENT = re.compile(r"[\w-]{0,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class WithoutSecretsOfPaths(logging.Filter):
    """Mask the segments of a request's path that may be secrets, such as tokens: those that are
    neither short nor a UUID. With LOG_LEVEL=DEBUG, gunicorn tells the path of each request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        is_of_request = hasattr(record, "request") or record.name == "gunicorn.error"
        if is_of_request and isinstance(record.args, tuple):
            record.args = tuple(
                told(each) if isinstance(each, str) and "/" in each else each
                for each in record.args
            )
        return True


def told(path: str) -> str:
    return "/".join(segment if SEGMENT.fullmatch(segment) else "…" for segment in path.split("/"))


class WithoutTracebackOfRefusals(logging.Filter):
    """Drop the traceback of a rejected request (4xx): there is no error of ours to fix."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
