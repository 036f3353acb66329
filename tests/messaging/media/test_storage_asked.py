"""Storage may be on a network: it is asked for a file that somebody downloads once no transaction
is open, whoever downloads it.
"""

import io

import pytest
from django.core.files.storage import default_storage

from messaging.media import transfer
from messaging.models import Media
from tenants.models import AuditEntry
from tenants.scope import operator_scope
from tests.support.members import employ, sign_in
from tests.support.watched_storage import Watched, watch

pytestmark = pytest.mark.whatsapp

PNG = b"\x89PNG\r\n\x1a\n and the rest"
OF_OPERATORS = ["file", "picture"]
WAYS = [*OF_OPERATORS, "member", "api"]


@pytest.fixture
def stored(acme, acme_whatsapp, jobs, settings) -> Media:
    """A picture of Acme's, in a storage that is watched."""
    file = transfer.put(
        acme.id, io.BytesIO(PNG), kind="image", mime_type="image/png", filename="cup.png"
    )
    watch(settings)
    return file


@pytest.fixture
def download(web, root, acme, acmes, stored):
    """Ask for the file in one of WAYS; the status, the length that is told, and the bytes."""

    def download(way: str) -> tuple[int, str, bytes]:
        if way in OF_OPERATORS:
            answer = root.get(f"/admin/messaging/media/{stored.id}/{way}/")
            return answer.status_code, answer.headers.get("Content-Length"), b"".join(answer)
        if way == "member":
            employ("ada", acme)
            session, _ = sign_in(web, "ada")
            answer = session.get(f"{web}/staff/acme/media/{stored.id}/", timeout=10)
        else:
            answer = acmes.get(f"media/{stored.id}/content")
        return answer.status_code, answer.headers.get("Content-Length"), answer.content

    return download


@pytest.mark.parametrize("way", WAYS)
def test_storage_is_asked_once_no_transaction_is_open(way, download):
    assert (download(way), Watched.asked) == ((200, str(len(PNG)), PNG), [False])


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_storage_has_lost_is_not_there(way, stored, download):
    default_storage.delete(stored.file.name)

    assert (download(way)[0], Watched.asked) == (404, [False])


@pytest.mark.parametrize(("way", "action"), [("file", "export"), ("picture", "read")])
def test_a_file_that_operators_saw_or_saved_is_noted(way, action, stored, download):
    download(way)
    with operator_scope():
        entry = AuditEntry.objects.get()

    assert (entry.action, entry.object_ids) == (action, [str(stored.id)])
