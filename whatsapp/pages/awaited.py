"""Calls to Meta that a person waits for in a page: a few at once, so that a silent Meta leaves
threads for other pages.
"""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

AT_ONCE = 2  # of the four threads that pages have
RETRY_SECONDS = 5

_places = BoundedSemaphore(AT_ONCE)


def asks_meta(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that calls Meta. Beyond AT_ONCE it is not begun: 503 with Retry-After, and nothing was
    used up.
    """

    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponse:
        if not _places.acquire(blocking=False):
            response = render(request, "connect/busy.html", status=503)
            response["Retry-After"] = str(RETRY_SECONDS)
            return response
        try:
            return view(request, *args, **parameters)
        finally:
            _places.release()

    return bounded
