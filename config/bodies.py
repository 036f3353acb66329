"""What a request may bring along: a bounded body in UTF-8, and no files.

A view that takes more bounds what it reads itself, and its address stands in
BOUNDED_BY_THEIR_VIEWS; a view that takes files names its own `request.upload_handlers`.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from config.bounds import TOO_LARGE

View = Callable[[HttpRequest], HttpResponse]

NO_LENGTH = "The request's Content-Length is not a number."
BROKEN = "The request's body could not be read."
UNREAD = ("GET", "HEAD", "OPTIONS", "TRACE")
DIGITS = 15  # of a length that is worth comparing


class Refused(Exception):
    """The body is not taken, with this status; the message is a sentence for who sent it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class BodyLimit:
    """Stands before everything that reads a body: one that says its length is refused unread, a
    chunked one where it passes the limit.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # another charset of the Content-Type's would read words that no database takes
        request.encoding = "utf-8"
        try:
            bound(request)
        except Refused as refused:
            return HttpResponse(f"{refused}\n", status=refused.status, content_type="text/plain")
        return self.get_response(request)


def bound(request: HttpRequest) -> None:
    """Raises Refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise Refused(400, NO_LENGTH)
    if request.path_info.startswith(settings.BOUNDED_BY_THEIR_VIEWS):
        return
    if len(length) > DIGITS or int(length) > settings.PAGE_MAX_BYTES:
        raise Refused(413, TOO_LARGE)
    if is_chunked(request):
        take(request, read(request.META["wsgi.input"]))


def is_chunked(request: HttpRequest) -> bool:
    """Whether the server hands out a body without a length. Nothing reads one of a GET, nor one
    that the server cannot.
    """
    is_read = request.method not in UNREAD and request.META.get("wsgi.input_terminated", False)
    return is_read and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def read(stream: Any) -> bytes:
    """The whole of a chunked body; raises Refused."""
    try:
        body: bytes = stream.read(settings.PAGE_MAX_BYTES + 1)
    except Exception:  # the server's own, whichever it is
        raise Refused(400, BROKEN) from None
    if len(body) > settings.PAGE_MAX_BYTES:
        raise Refused(413, TOO_LARGE)
    return body


def take(request: HttpRequest, body: bytes) -> None:
    """From here on the request is one that said its length: Django reads no other."""
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)  # type: ignore[attr-defined]


class FilesRefused(MultiPartParserError):
    """A form came with a file, where none is expected: answered 400."""


class NoFiles(FileUploadHandler):
    """Ends the reading of a form at its first file, before anything of it is kept."""

    def new_file(self, *args: Any, **options: Any) -> None:
        raise FilesRefused("No files are taken here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
