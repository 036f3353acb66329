"""Limits of request bodies: a maximum size, UTF-8 only, and no file uploads.

A view that accepts larger bodies limits their size itself, and BOUNDED_BY_THEIR_VIEWS lists its
path prefix. A view that accepts files sets its own `request.upload_handlers`.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from config.body_limits import API, MEDIA, TOO_LARGE
from tenants.api import problems

View = Callable[[HttpRequest], HttpResponse]

NO_LENGTH = "The request's Content-Length is not a number."
BROKEN = "The request's body could not be read."
UNREAD = ("GET", "HEAD", "OPTIONS", "TRACE")
DIGITS = 15  # a Content-Length with more digits is too large and need not be parsed


class Refused(Exception):
    """A rejected request body. `status`: of the response, whose text is the exception's message."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class BodyLimit:
    """Middleware that limits request bodies, placed before everything that reads them. A body with
    a Content-Length is rejected unread, a chunked one as soon as it exceeds the limit.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Another charset in Content-Type could decode to text that the database rejects.
        request.encoding = "utf-8"
        try:
            bound(request)
        except Refused as refused:
            return answer(request, refused)
        return self.get_response(request)


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    if request.path_info.startswith(API):
        code = "too_large" if refused.status == 413 else "malformed"
        return problems.plain(problems.Problem(refused.status, code, str(refused)))
    return HttpResponse(f"{refused}\n", status=refused.status, content_type="text/plain")


def bound(request: HttpRequest) -> None:
    """Check the body's size, and read it if it is chunked. Raises Refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise Refused(400, NO_LENGTH)
    if request.path_info.startswith(settings.BOUNDED_BY_THEIR_VIEWS):
        return
    at_most = settings.MEDIA_MAX_BYTES if request.path_info == MEDIA else settings.PAGE_MAX_BYTES
    if len(length) > DIGITS or int(length) > at_most:
        raise Refused(413, TOO_LARGE)
    if is_chunked(request):
        take(request, read(request.META["wsgi.input"], at_most))


def is_chunked(request: HttpRequest) -> bool:
    """Return whether the request has a chunked body to read. Nothing reads the body of a GET, and
    a chunked body needs a server that ends `wsgi.input` where the body ends.
    """
    is_read = request.method not in UNREAD and request.META.get("wsgi.input_terminated", False)
    return is_read and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def read(stream: Any, at_most: int) -> bytes:
    """Return the whole chunked body. Raises Refused if it is malformed or too large."""
    try:
        body: bytes = stream.read(at_most + 1)
    except Exception:  # each WSGI server raises its own classes
        raise Refused(400, BROKEN) from None
    if len(body) > at_most:
        raise Refused(413, TOO_LARGE)
    return body


def take(request: HttpRequest, body: bytes) -> None:
    """Give the request its body with a Content-Length: Django reads no body without one."""
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)  # type: ignore[attr-defined]


class FilesRefused(MultiPartParserError):
    """A form contains a file where none is accepted. Django answers 400."""


class NoFiles(FileUploadHandler):
    """Upload handler that stops parsing a form at its first file and stores nothing of it."""

    def new_file(self, *args: Any, **options: Any) -> None:
        raise FilesRefused("No files are taken here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
