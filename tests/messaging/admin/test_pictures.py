"""Pictures in a conversation: shown where their bytes are a picture's, and only to staff who may
see files. Everything else is saved, whatever it calls itself.
"""

import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from messaging.media import transfer
from messaging.media.pictures import type_of
from messaging.models import Media, Message
from tenants.scope import auth_scope, operator_scope
from tests.support import threads

pytestmark = pytest.mark.whatsapp

PNG = b"\x89PNG\r\n\x1a\n and the rest"
MARKUP = b"<html><script>alert(1)</script></html>"
NAME = '"><img src=x onerror=alert(1)>.png'


def signed_in(**rights: bool) -> Client:
    with auth_scope():
        user = get_user_model().objects.create_user("grace", password="correct horse", **rights)
    client = Client()
    with auth_scope():
        client.force_login(user)
    return client


@pytest.fixture
def staff(db_rows) -> Client:
    return signed_in(is_staff=True, is_superuser=True)


@pytest.fixture
def sent(acme, ada):
    """A file of these bytes hangs at Ada's message."""

    def sent(content: bytes, mime_type: str = "image/png", name: str = NAME) -> Media:
        file = transfer.put(
            acme.id, io.BytesIO(content), kind="image", mime_type=mime_type, filename=name
        )
        with operator_scope():
            Message.objects.update(kind="image", text="Look", attachment=file)
        return file

    return sent


def address(file: Media, word: str = "picture") -> str:
    return f"/admin/messaging/media/{file.id}/{word}/"


def test_a_picture_is_shown_in_its_bubble_and_can_be_saved(staff, ada, sent):
    file = sent(PNG)
    shown = staff.get(f"/admin/messaging/conversation/{ada}/change/").content.decode()

    assert threads.read(shown).found[0][:2] == [
        f"Download {file.name} ({len(PNG)} bytes)",
        "Look",
    ]
    assert shown.count(f'<img src="{address(file)}" loading="lazy"') == 1
    assert shown.count("<img src=x") == 0


def test_a_picture_is_served_so_that_no_browser_runs_or_keeps_it(staff, sent):
    answer = staff.get(address(sent(PNG)))

    assert (answer.status_code, b"".join(answer)) == (200, PNG)
    kept = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [answer[name] for name in kept] == [
        "image/png",
        "nosniff",
        "sandbox; default-src 'none'",
        "private, no-store, max-age=0, no-cache, must-revalidate",
    ]
    assert answer["Content-Disposition"].partition(";")[0] == "inline"


@pytest.mark.parametrize(
    "content", [MARKUP, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-"]
)
def test_what_only_calls_itself_a_picture_is_never_shown(staff, sent, content):
    file = sent(content)
    shown, saved = staff.get(address(file)), staff.get(address(file, "file"))

    assert shown.status_code == 404
    assert (saved.status_code, saved["Content-Disposition"].partition(";")[0]) == (
        200,
        "attachment",
    )


@pytest.mark.parametrize("mime_type", ["image/svg+xml", "text/html", "application/pdf"])
def test_a_file_that_is_no_picture_by_its_type_is_a_download_with_its_name_and_size(
    staff, ada, sent, mime_type
):
    file = sent(MARKUP, mime_type, "offer.html")
    shown = staff.get(f"/admin/messaging/conversation/{ada}/change/").content.decode()

    line = f"Photo: Download offer.html ({len(MARKUP)} bytes)"
    assert (threads.read(shown).found[0][0], shown.count(address(file))) == (line, 0)


def test_who_may_not_see_files_is_shown_no_picture(sent):
    assert signed_in(is_staff=True).get(address(sent(PNG))).status_code == 403


BEGINNINGS = [
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF89a", "image/gif"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", ""),
    (b" \x89PNG\r\n\x1a\n", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("beginning", "kind"), BEGINNINGS, ids=range(len(BEGINNINGS)))
def test_a_picture_is_known_by_its_first_bytes(beginning, kind):
    assert type_of(beginning[:12]) == kind
