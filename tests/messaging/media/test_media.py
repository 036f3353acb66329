"""A photo that somebody sends: announced, fetched, kept and handed to whoever may see it; or why it
could not be.
"""

import re

import pytest
import requests

from messaging.models import Conversation
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.back_office import sign_in
from tests.support.elsewhere import Elsewhere
from tests.support.photos import HASH, PHOTO, allow, files_of, on_disk, the_file, waits

pytestmark = pytest.mark.whatsapp

GONE = "WhatsApp does not have the file any more: ask the person to send it again."


def thread_page(session: requests.Session, web: str) -> str:
    with operator_scope():
        conversation = Conversation.objects.get()
    return session.get(
        f"{web}/admin/messaging/conversation/{conversation.id}/change/", timeout=10
    ).text


def download(session: requests.Session, web: str) -> requests.Response:
    return session.get(
        f"{web}/admin/messaging/media/{the_file().id}/file/", timeout=10, allow_redirects=False
    )


@pytest.fixture
def staff(web, db_rows) -> requests.Session:
    return sign_in(web, is_staff=True, is_superuser=True)


def test_a_photo_is_announced_at_once_and_is_on_disk_whole_once_its_task_is_done(
    acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path
):
    sends_photo()
    assert (files_of(acme), on_disk(tmp_path), photo.fetched_with) == ([("pending", "")], {}, [])

    jobs()
    file = the_file()
    path = f"{acme.id}/{file.created_at:%Y/%m/%d}/{file.id}"
    assert (files_of(acme), on_disk(tmp_path), photo.fetched_with) == (
        [("stored", "")],
        {path: PHOTO},
        ["token-of-acme"],
    )
    assert (file.sha256, file.size, file.mime_type) == (HASH, len(PHOTO), "image/jpeg")


def test_staff_see_that_it_is_being_fetched_and_then_where_it_is(
    web, staff, acme_whatsapp, photo, sends_photo, jobs
):
    sends_photo()
    assert re.findall(r"<em>(.*?)</em>", thread_page(staff, web)) == ["being fetched"]
    assert download(staff, web).status_code == 404

    jobs()
    address = f"/admin/messaging/media/{the_file().id}/file/"
    assert re.findall(r'<a href="([^"]*)">Download', thread_page(staff, web)) == [address]
    assert staff.get(f"{web}{address}", timeout=10).content == PHOTO


@pytest.mark.parametrize(
    ("document", "disposition", "content_type"),
    [
        (
            {"filename": "Rechnung.pdf", "mime_type": "application/pdf"},
            'attachment; filename="Rechnung.pdf"',
            "application/pdf",
        ),
        (
            {"filename": "../../<b>.html", "mime_type": "text/html"},
            'attachment; filename="_.._b_.html"',
            "application/octet-stream",
        ),
        (
            {"filename": "x\u202efdp.svg", "mime_type": "image/svg+xml"},
            'attachment; filename="x_fdp.svg"',
            "application/octet-stream",
        ),
    ],
    ids=[
        "a PDF",
        "a page that names a path",
        "a picture that can run scripts, with letters that turn",
    ],
)
def test_a_file_is_something_to_save_and_never_something_to_show(
    web, staff, acme_whatsapp, photo, sends_photo, jobs, document, disposition, content_type
):
    sends_photo(type="document", document={"id": "7", **document})
    jobs()
    answer = download(staff, web)

    names = (
        "Content-Disposition",
        "Content-Type",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cache-Control",
    )
    assert [answer.headers[name] for name in names] == [
        disposition,
        content_type,
        "nosniff",
        "sandbox; default-src 'none'",
        "private, no-store, max-age=0, no-cache, must-revalidate",
    ]
    assert answer.content == PHOTO
    with operator_scope():
        noted = AuditEntry.objects.get(action="export")
    assert (noted.kind, noted.object_ids) == ("messaging.media", [str(the_file().id)])


def test_a_photo_without_a_name_is_named_by_its_kind(
    web, staff, acme_whatsapp, photo, sends_photo, jobs
):
    sends_photo()
    jobs()
    assert (
        download(staff, web).headers["Content-Disposition"]
        == f'attachment; filename="image-{the_file().id}"'
    )


def test_only_staff_who_may_see_files_get_one(web, acme_whatsapp, photo, sends_photo, jobs):
    sends_photo()
    jobs()
    assert download(requests.Session(), web).headers["Location"].split("?")[0] == "/admin/login/"

    session = sign_in(web, is_staff=True)
    allow("view_message", "view_conversation")
    assert (download(session, web).status_code, PHOTO in download(session, web).content) == (
        403,
        False,
    )
    allow("view_media")
    assert (download(session, web).status_code, download(session, web).content) == (200, PHOTO)


def test_a_file_that_is_gone_from_storage_is_a_404(
    web, staff, acme_whatsapp, photo, sends_photo, jobs, tmp_path
):
    sends_photo()
    jobs()
    (tmp_path / the_file().file.name).unlink()

    assert download(staff, web).status_code == 404


def test_an_address_on_another_port_is_refused_recorded_and_shown_and_nobody_is_asked(
    web, staff, acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path, db_rows
):
    with Elsewhere() as target:
        photo.told["url"] = f"{target.url}/photo"
        sends_photo()
        jobs()
        reason = f"WhatsApp named an address for the file that is not among Meta's: {target.url}"
        assert (target.asked, files_of(acme), on_disk(tmp_path), waits(db_rows)) == (
            [],
            [("failed", reason)],
            {},
            [],
        )

    page = thread_page(staff, web)
    assert re.findall(r"<em>(\w+)</em> <span[^>]*>(.*?)</span>", page) == [
        ("Failed", reason.replace("'", "&#x27;"))
    ]


def test_a_redirect_is_refused_and_recorded_and_its_target_not_asked(
    acme, acme_whatsapp, photo, sends_photo, jobs
):
    with Elsewhere() as target:
        photo.steps.append({"http": 302, "headers": {"Location": f"{target.url}/photo"}})
        sends_photo()
        jobs()

    reason = "The file's server points to another address, which is not followed."
    assert (target.asked, files_of(acme)) == ([], [("failed", reason)])


def test_what_is_not_what_meta_described_is_refused_and_nothing_is_kept(
    acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path
):
    photo.told["sha256"] = "0" * 64
    sends_photo()
    jobs()

    reason = (
        "What came is not the file that WhatsApp described: its hash is another. Ask the person to"
        " send it again."
    )
    assert (files_of(acme), on_disk(tmp_path)) == ([("failed", reason)], {})


def test_what_meta_no_longer_has_is_expired_and_shown_so(
    web, staff, acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    photo.unsaid.append({"code": 100, "http": 404})
    sends_photo()
    jobs()

    assert (files_of(acme), waits(db_rows)) == ([("expired", GONE)], [])
    assert re.findall(r"<em>(.*?)</em>", thread_page(staff, web)) == [
        "no longer kept by the provider"
    ]


def test_a_name_that_turns_the_direction_is_shown_as_it_is_saved(
    web, staff, acme_whatsapp, photo, sends_photo, jobs
):
    named = {"id": "7", "filename": "photo\u202egnp\u200e.exe", "mime_type": "image/png"}
    sends_photo(type="document", document=named)
    jobs()
    pages = [
        f"{web}/admin/messaging/media/",
        f"{web}/admin/messaging/media/{the_file().id}/change/",
    ]
    shown = [thread_page(staff, web), *(staff.get(page, timeout=10).text for page in pages)]

    assert (
        download(staff, web).headers["Content-Disposition"]
        == 'attachment; filename="photo_gnp_.exe"'
    )
    assert [("photo_gnp_.exe" in page, "\u202e" in page) for page in shown] == [(True, False)] * 3
