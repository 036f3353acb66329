"""Files through the API: uploaded, sent, received and downloaded."""

import pytest

from messaging.models import Media
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import through
from tests.support.api import faults_of
from tests.support.photos import PHOTO
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

MIB = 1024 * 1024


@pytest.fixture
def upload(acmes, jobs):
    """Upload a file as (name, bytes, type); `jobs` gives the test a storage of its own."""

    def upload(*file, part: str = "file"):
        return acmes.call("POST", "media", files={part: file})

    return upload


def test_an_uploaded_file_is_sent_in_a_message(acmes, ada, upload, work, jobs, graph):
    stored = upload("shop.jpeg", PHOTO, "image/jpeg")
    content = {"kind": "image", "file": stored.json()["id"], "caption": "Our shop"}

    sent = acmes.post("messages", {"conversation": str(ada), "content": content})
    through(work, jobs)

    assert (stored.status_code, sent.status_code) == (201, 202)
    told = stored.json()
    assert (told["kind"], told["mime_type"], told["filename"], told["size"], told["status"]) == (
        "image",
        "image/jpeg",
        "shop.jpeg",
        len(PHOTO),
        "stored",
    )
    assert sent.json()["media"]["id"] == told["id"]
    assert [each["message"]["image"]["caption"] for each in graph.ledger] == ["Our shop"]


def test_a_file_that_came_in_is_downloaded_as_it_is(
    acmes, acme_whatsapp, deliver, work, jobs, photo
):
    image = {**bodies.text(), "type": "image", "image": {"id": "7", "mime_type": "image/png"}}
    value = bodies.value(acme_whatsapp.external_id, messages=(image,))
    deliver(bodies.webhook(bodies.entry(acme_whatsapp.account_id, value)))
    work()
    id = acmes.items("messages")[-1]["media"]["id"]
    early = acmes.get(f"media/{id}/content")
    jobs()

    late = acmes.get(f"media/{id}/content")

    assert (early.status_code, early.json()["code"]) == (409, "file_pending")
    assert (late.status_code, late.content) == (200, PHOTO)
    assert late.headers["Content-Disposition"].startswith("attachment")
    assert late.headers["X-Content-Type-Options"] == "nosniff"
    assert acmes.get(f"media/{id}").json()["status"] == "stored"


@pytest.mark.parametrize(
    ("file", "part", "sentence"),
    [
        (("a.png", b"", "image/png"), "file", "The file is empty."),
        (("a.png", b"x", "image"), "file", "The part says no Content-Type of the file"),
        (("a.png", b"x", "image/png"), "photo", "Send one file, as the part `file`"),
    ],
)
def test_a_file_that_is_none_is_refused(upload, file, part, sentence):
    refused = upload(*file, part=part)

    assert refused.status_code == 422
    ((pointer, said),) = faults_of(refused)
    assert (pointer, said.startswith(sentence)) == ("/file", True)
    with operator_scope():
        assert Media.objects.count() == 0


def test_a_body_that_is_no_form_is_refused(acmes):
    assert acmes.post("media", {"file": "x"}).status_code == 415


def test_a_file_of_16_mib_is_taken_and_a_larger_one_refused(upload):
    assert [
        upload("a.bin", b"x" * size, "application/octet-stream").status_code
        for size in (16 * MIB, 16 * MIB + 1)
    ] == [201, 413]


def test_a_files_name_is_shown_and_never_a_path(upload):
    told = upload("../../etc/passwd", b"x", "text/plain").json()

    assert (told["filename"], told["kind"]) == ("passwd", "document")
