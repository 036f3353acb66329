"""Files handed to Meta: a form that streams, under Meta's limits, and what each refusal means for
the file.
"""

import hashlib
import json
import tracemalloc
from io import BytesIO
from typing import Any, BinaryIO

import pytest

from channels_app.providers import MediaError
from tests.support.elsewhere import Elsewhere
from whatsapp.media import transfer

pytestmark = pytest.mark.whatsapp

NUMBER, TOKEN = "400000000000001", "token-of-acme"
PHOTO = bytes(range(256)) * 700


def upload(
    content: bytes | BinaryIO = PHOTO, *, mime_type: str = "image/jpeg", filename: str = "photo.jpg"
) -> str:
    file = BytesIO(content) if isinstance(content, bytes) else content
    return transfer.upload(
        file, phone_number_id=NUMBER, token=TOKEN, mime_type=mime_type, filename=filename
    )


def refused(*args: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(MediaError) as caught:
        upload(*args, **more)
    assert (TOKEN in str(caught.value), caught.value.__cause__) == (False, None)
    return caught.value.then, str(caught.value)


def test_meta_gets_the_bytes_the_type_and_the_name_and_tells_the_id(graph):
    media_id = upload()

    assert graph.uploads == [
        {
            "id": media_id,
            "phone_number_id": NUMBER,
            "token": TOKEN,
            "filename": "photo.jpg",
            "mime_type": "image/jpeg",
            "sha256": hashlib.sha256(PHOTO).hexdigest(),
        }
    ]
    assert graph.files[media_id].content == PHOTO


def test_a_file_that_was_read_before_is_sent_from_its_beginning(graph):
    file = BytesIO(PHOTO)
    file.read()
    assert graph.files[upload(file)].content == PHOTO


@pytest.mark.parametrize(
    "content", [b"x", b"\r\n--boundary--\r\n" * 9, b"\x00" * 65536, b"x" * 65537], ids=len
)
def test_whatever_the_bytes_are_they_arrive(graph, content):
    assert graph.files[upload(content)].content == content


NAMES = [
    pytest.param("Rechnung März.pdf", "Rechnung März.pdf", id="letters of no ASCII"),
    pytest.param("発票.pdf", "発票.pdf", id="Japanese"),
    pytest.param(
        'a"; filename="b.pdf',
        "a%22; filename=%22b.pdf",
        id="quotes, written as every form writes them",
    ),
]


@pytest.mark.parametrize(("given", "arrived"), NAMES)
def test_a_name_is_only_a_name(graph, given, arrived):
    upload(filename=given, mime_type="application/pdf")
    assert graph.uploads[0]["filename"] == arrived


def test_a_name_with_line_breaks_adds_no_field_to_the_form(graph):
    upload(filename='x"\r\nContent-Type: text/html\r\n\r\nevil')
    assert (graph.uploads[0]["mime_type"], graph.uploads[0]["sha256"]) == (
        "image/jpeg",
        hashlib.sha256(PHOTO).hexdigest(),
    )


@pytest.mark.parametrize(
    "mime_type", ["", "image", "image/jpeg\r\nX: y", "image/jpeg; a", "im age/jpeg", "image/jpég"]
)
def test_a_type_that_is_none_is_refused_and_nothing_is_sent(graph, mime_type):
    assert refused(mime_type=mime_type) == (
        "failed",
        "The file's type is not well-formed: it is written like image/jpeg.",
    )
    assert graph.uploads == []


def test_a_type_with_its_codecs_is_one(graph):
    upload(mime_type="audio/ogg; codecs=opus")
    assert graph.uploads[0]["mime_type"] == "audio/ogg; codecs=opus"


class Zeros(BytesIO):
    """So many bytes, without the memory for them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.place = size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = offset + (self.size if whence == 2 else 0)
        return self.place

    def read(self, length: int | None = -1) -> bytes:
        piece = bytes(min(length or 0, self.size - self.place))
        self.place += len(piece)
        return piece


def test_more_than_100_mb_is_refused_before_a_byte_is_sent(graph):
    file = Zeros(100 * transfer.MB + 1)
    assert refused(file) == ("failed", "The file is larger than the 104857600 bytes it may have.")
    assert graph.uploads == []


def test_a_large_file_is_never_in_memory_whole(settings):
    size = 40 * transfer.MB
    with Elsewhere(lambda handler: handler.say(b'{"id": "7"}')) as server:
        settings.META_GRAPH_URL = server.url
        tracemalloc.start()
        assert upload(Zeros(size)) == "7"
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert size < server.received < size + 1000
    assert most < 4 * transfer.MB


@pytest.mark.parametrize(
    ("step", "then", "parks"),
    [
        pytest.param({"code": 131053}, "failed", "", id="it could not be uploaded"),
        pytest.param({"code": 100}, "failed", "", id="a bad parameter"),
        pytest.param({"code": 190, "http": 401}, "retry", "needs_reauth", id="a dead token"),
        pytest.param(
            {"code": 100, "subcode": 33}, "retry", "needs_reauth", id="the number does not exist"
        ),
        pytest.param({"code": "131053"}, "failed", "", id="a code as a text"),
        pytest.param({"code": None}, "retry", "", id="without a code nothing is said of the file"),
        pytest.param({"code": 613}, "retry", "", id="Graph's rate limit"),
        pytest.param({"code": 131000, "http": 500}, "retry", "", id="Meta's own fault"),
        pytest.param({"code": 80007}, "retry", "", id="too often"),
        pytest.param({"http": 413}, "retry", "", id="a page's 413 is nobody's word"),
        pytest.param(
            {"http": 307, "headers": {"Location": "http://127.0.0.1:1/"}},
            "retry",
            "",
            id="a redirect",
        ),
        pytest.param({"http": 200}, "retry", "", id="200 that is no JSON"),
    ],
)
def test_what_meta_answers_decides_what_becomes_of_the_file(graph, step, then, parks):
    graph.upload_script.append(step)
    with pytest.raises(MediaError) as caught:
        upload()

    assert (caught.value.then, caught.value.parks, graph.uploads) == (then, parks, [])


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": ""}, {"id": ["7"]}, {"id": "x" * 600}])
def test_an_answer_that_names_no_file_is_none(settings, answer):
    with Elsewhere(lambda handler: handler.say(json.dumps(answer).encode())) as server:
        settings.META_GRAPH_URL = server.url
        assert refused() == ("retry", "WhatsApp's answer names no file; it is tried again.")


def test_metas_own_words_are_kept_without_the_token(settings):
    words = {"error": {"code": 190, "message": f"Malformed access token {TOKEN}"}}
    with Elsewhere(lambda handler: handler.say(json.dumps(words).encode(), 401)) as server:
        settings.META_GRAPH_URL = server.url
        then, sentence = refused()

    assert (then, sentence.partition("(")[2]) == (
        "retry",
        "Graph error 190: Malformed access token [token])",
    )
