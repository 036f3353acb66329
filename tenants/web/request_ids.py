"""The id of a request, in its answer and in each log line that it causes."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from uuid_utils.compat import uuid7

View = Callable[[HttpRequest], HttpResponse]

HEADER = "X-Request-Id"
FORM = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the id of the request that this thread serves; empty outside of one."""
    return _current.get()


class RequestIds:
    """Middleware that gives each request an id: the one in its header, if a proxy gave it one of a
    usual form, else a new one.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        id = given if FORM.fullmatch(given) else str(uuid7())
        request.request_id = id  # type: ignore[attr-defined]
        token = _current.set(id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = id
        return response


def request_id_of(record: logging.LogRecord) -> str:
    """Return the id of the request that caused a log record; empty outside of one."""
    # Django's own line about a request is logged after its middleware
    request = getattr(record, "request", None)
    return current_request_id() or getattr(request, "request_id", "")


class WithRequestId(logging.Filter):
    """Add `request_id` to a log record: " [ID]", or nothing outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        id = request_id_of(record)
        record.request_id = f" [{id}]" if id else ""
        return True
