"""Unusable input of the back-office: filters, searches, ids and orders that somebody wrote by hand
and that no column takes.

Every admin page can be asked for with any look-up of any field, so what is wrong with one shows
only in the database.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError

View = Callable[[HttpRequest], HttpResponse]

PLAIN = "e=1"  # Django's own sign that a list is shown without what was asked of it
REFUSED = (DataError, ValidationError)
UNUSABLE = (*REFUSED, ValueError, OverflowError)
ANSWERED_OTHERWISE = (
    Http404,
    PermissionDenied,
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
)
NOT_THE_ASKERS = (OperationalError, InterfaceError)
NOT_THERE = "The request names what is not there.\n"
READING = ("GET", "HEAD")
logger = logging.getLogger(__name__)


class UnusableInput:
    """Answer unusable input. Stands within the back-office's transaction, which is rolled back."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path_info.startswith(settings.OPERATORS_PATH) or not is_unusable(
            request, exception
        ):
            return None
        logger.warning(
            "A back-office request asked for what no column takes (%s).", type(exception).__name__
        )
        transaction.set_rollback(True)
        return answer(request)


def is_unusable(request: HttpRequest, exception: Exception) -> bool:
    """Return whether the input is at fault. Of a page with a query, any failure counts: if it fails
    without the query as well, the fault is ours, and the answer 500.
    """
    if request.method not in READING:
        return isinstance(exception, UNUSABLE)
    if is_plain(request):
        return isinstance(exception, REFUSED)
    return not isinstance(exception, (*ANSWERED_OTHERWISE, *NOT_THE_ASKERS))


def is_plain(request: HttpRequest) -> bool:
    return request.META.get("QUERY_STRING", "") in ("", PLAIN)


def answer(request: HttpRequest) -> HttpResponse:
    """Return a redirect to the page without its query; 400 for a form, of which nothing was done;
    404 for an id that is none.
    """
    if request.method not in READING:
        return HttpResponse(NOT_THERE, status=400, content_type="text/plain")
    if is_plain(request):
        return HttpResponse(NOT_THERE, status=404, content_type="text/plain")
    return HttpResponseRedirect(f"{request.path}?{PLAIN}")
