"""Files at Meta: fetched and handed over piece by piece. Every failure leaves as a MediaError;
there is no database here.

A file is what Meta said of it, or it is none: its size and its hash are compared with what came.
"""

import hashlib
import http.client
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import requests
import urllib3

from channels_app.providers import Downloaded, MediaError, SendError
from channels_app.storable import Unstorable, storable_id
from whatsapp.errors import OF_A_NUMBER
from whatsapp.graph import client
from whatsapp.graph.appsecret_proof import proof
from whatsapp.media import allowed_hosts, file_requests
from whatsapp.media.filenames import handed_over
from whatsapp.media.metadata import Described, describe, size_of, understood
from whatsapp.media.multipart import FileForm

MB = 1024 * 1024
# of what is sent; what people send may have 100 MB, whatever its kind
LIMITS: Mapping[str, int] = {
    "image": 5 * MB,
    "video": 16 * MB,
    "audio": 16 * MB,
    "document": 100 * MB,
    "sticker": 500 * 1024,
}
PIECE_BYTES = 64 * 1024
ADDRESSES = 3  # that are asked for, one after the other
LEAST_SECONDS, SECONDS_FOR_16_MB = 30.0, 60.0
MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:; ?[\w-]+=[\w.,-]+)*", re.ASCII)

UNREACHED = "The file's server could not be reached, or stopped in the middle; it is tried again."
EXPIRED = "WhatsApp's addresses of the file were no longer valid; it is tried again."
REDIRECTED = "The file's server points to another address, which is not followed."
UNLIKE = (
    "What came is not the file that WhatsApp described: its {} is another. Ask the person to send"
    " it again."
)


def download(
    media_id: str, *, phone_number_id: str, token: str, into: BinaryIO, at_most: int
) -> Downloaded:
    """Writes the file into `into`; raises MediaError. What was written before an error is void."""
    until = None
    for _ in range(ADDRESSES):
        file = describe(media_id, phone_number_id=phone_number_id, token=token)
        refuse_larger(file.size, at_most)
        until = until or time.monotonic() + seconds_for(file.size)
        with network():
            response = file_requests.request(
                "GET", file.url, token=token, seconds=until - time.monotonic()
            )
        with response:
            if response.status_code not in (404, 410):
                return receive(response, file, into, at_most)
    raise MediaError(EXPIRED, "retry")


def upload(
    file: BinaryIO, *, phone_number_id: str, token: str, mime_type: str, filename: str
) -> str:
    """The media id of a file that can be sent from this number for 30 days; raises MediaError. It
    may be repeated.

    `file` is read from its beginning, a piece at a time; its name gets the ending of its type. How
    large a file of a kind may be is in LIMITS; here no kind is known.
    """
    size = file.seek(0, os.SEEK_END)
    refuse_larger(size, max(LIMITS.values()))
    if not MIME_TYPE.fullmatch(mime_type):
        raise MediaError(
            "The file's type is not well-formed: it is written like image/jpeg.", "failed"
        )
    fields = {"messaging_product": "whatsapp", "type": mime_type}
    form = FileForm(
        file, size, fields=fields, mime_type=mime_type, filename=handed_over(filename, mime_type)
    )
    url, seconds = client.address(f"{phone_number_id}/media", proof(token)), seconds_for(size)
    try:
        with network():
            response = file_requests.request(
                "POST",
                url,
                token=token,
                seconds=seconds,
                each_step=seconds,
                headers=form.headers,
                body=form,
            )
            with response:
                return storable_id(client.read(response, meanings=OF_A_NUMBER).get("id"))
    except SendError as error:
        raise understood(error) from None
    except Unstorable:
        raise MediaError("WhatsApp's answer names no file; it is tried again.", "retry") from None


def receive(
    response: requests.Response, file: Described, into: BinaryIO, at_most: int
) -> Downloaded:
    expect_a_file(response)
    declared = size_of(response.headers.get("Content-Length"))
    if declared is not None:
        refuse_larger(declared, at_most)
        refuse_unlike("size", declared, file.size)
    digest, size = hashlib.sha256(), 0
    for piece in pieces(response):
        size += len(piece)
        refuse_larger(size, min(at_most, file.size))
        digest.update(piece)
        into.write(piece)
    refuse_unlike("size", size, file.size)
    refuse_unlike("hash", digest.digest(), file.digest)
    return Downloaded(file.mime_type, digest.hexdigest(), size)


def expect_a_file(response: requests.Response) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise MediaError(REDIRECTED, "failed")
    # the token was good a moment ago, when the address was asked for
    if status >= 500 or status in (401, 403, 408, 429):
        sentence = f"The file's server answered HTTP {status}; it is tried again."
        raise MediaError(sentence, "retry", retry_in=client.retry_after(response))
    if status != 200:
        raise MediaError(f"The file's server answered HTTP {status}.", "failed")


def refuse_larger(size: int, at_most: int) -> None:
    if size > at_most:
        raise MediaError(f"The file is larger than the {at_most} bytes it may have.", "failed")


def refuse_unlike(what: str, came: int | bytes, described: int | bytes) -> None:
    if came != described:
        raise MediaError(UNLIKE.format(what), "failed")


def pieces(response: requests.Response) -> Iterator[bytes]:
    stream = response.raw.stream(PIECE_BYTES, decode_content=False)
    while True:
        with network():
            piece = next(stream, b"")
        if not piece:
            return
        yield piece


@contextmanager
def network() -> Iterator[None]:
    """What goes wrong between us and a server, without a word of the request: the token is in
    it.
    """
    try:
        yield
    except allowed_hosts.HostRefused as refused:
        raise MediaError(str(refused), "failed") from None
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        UnicodeError,
    ):
        raise MediaError(UNREACHED, "retry") from None


def seconds_for(size: int) -> float:
    return max(LEAST_SECONDS, size / (16 * MB) * SECONDS_FOR_16_MB)
