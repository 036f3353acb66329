"""File servers that answer as no decent one does: what comes is counted and hashed, and given up in
time.
"""

import json
import time
from typing import Any

import pytest

from tests.support.elsewhere import Elsewhere, Handler
from tests.whatsapp.media.fetching import HASH, NOT_REACHED, PHOTO, UNLIKE, download, refused
from whatsapp.media import transfer

pytestmark = pytest.mark.whatsapp


def misbehaving(serve: Any) -> Elsewhere:
    """A Graph that describes PHOTO well, and whose file server is `serve`."""

    def answer(handler: Handler) -> None:
        if handler.path.startswith("/v"):
            described = {
                "url": f"{server.url}/files/7/x",
                "mime_type": "image/jpeg",
                "sha256": HASH,
                "file_size": len(PHOTO),
            }
            handler.say(json.dumps(described).encode())
        else:
            serve(handler)

    server = Elsewhere(answer)
    return server


def in_chunks(*chunks: bytes, ends: bool = True) -> Any:
    def serve(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        handler.wfile.write(b"0\r\n\r\n" if ends else b"")

    return serve


def until_it_closes(content: bytes) -> Any:
    return lambda handler: handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + content
    )


@pytest.mark.parametrize(
    ("serve", "then", "sentence"),
    [
        pytest.param(
            in_chunks(PHOTO[:-1]), "failed", UNLIKE.format("size"), id="too short, and well ended"
        ),
        pytest.param(
            in_chunks(PHOTO, b"!"),
            "failed",
            f"The file is larger than the {len(PHOTO)} bytes it may have.",
            id="too long",
        ),
        pytest.param(
            in_chunks(PHOTO[:-1] + b"!"), "failed", UNLIKE.format("hash"), id="one byte is another"
        ),
        pytest.param(
            in_chunks(PHOTO, ends=False), "retry", NOT_REACHED, id="chunks that do not end"
        ),
        pytest.param(
            until_it_closes(PHOTO[:100]),
            "failed",
            UNLIKE.format("size"),
            id="no length, and too short",
        ),
        pytest.param(
            lambda handler: handler.say(b"x", Content_Encoding="gzip"),
            "failed",
            UNLIKE.format("size"),
            id="compressed",
        ),
        pytest.param(
            lambda handler: handler.wfile.write(b"garbage\r\n\r\n"),
            "retry",
            NOT_REACHED,
            id="no HTTP at all",
        ),
        pytest.param(lambda handler: None, "retry", NOT_REACHED, id="closed without an answer"),
    ],
)
def test_a_file_without_a_length_of_its_own_is_counted_and_hashed(settings, serve, then, sentence):
    with misbehaving(serve) as server:
        settings.META_GRAPH_URL = server.url
        assert refused() == (then, sentence)


@pytest.mark.parametrize(
    "serve", [in_chunks(PHOTO[:70_000], PHOTO[70_000:]), until_it_closes(PHOTO)]
)
def test_a_whole_file_without_a_length_of_its_own_is_taken(settings, serve):
    with misbehaving(serve) as server:
        settings.META_GRAPH_URL = server.url
        assert download()[1] == PHOTO


def test_an_endless_file_is_read_no_further_than_its_size(settings):
    sent: list[int] = []

    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(2000):
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    with misbehaving(endless) as server:
        settings.META_GRAPH_URL = server.url
        assert refused()[0] == "failed"

    assert sum(sent) < 2000 * 65536 / 2


def test_a_file_that_trickles_is_given_up_when_its_time_is_over(settings, monkeypatch):
    """Each byte comes in time for itself, and the file would take an hour."""
    monkeypatch.setattr(transfer, "LEAST_SECONDS", 1.0)

    def trickle(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for byte in PHOTO[:100]:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)

    with misbehaving(trickle) as server:
        settings.META_GRAPH_URL = server.url
        began = time.monotonic()
        assert refused() == ("retry", NOT_REACHED)

    assert 0.9 < time.monotonic() - began < 2.5
