"""A rehearsal needs nothing but the database: no network, no key, no secret of a provider. Nothing
leaves, and nothing is left.
"""

import base64
import socket
from typing import Any

import pytest
from django.utils import timezone

from tests.support import database
from tests.support.processes import manage
from tests.support.restored import databases

pytestmark = pytest.mark.whatsapp

ANOTHER_KEY = f"k9:{base64.urlsafe_b64encode(bytes(range(32, 64))).decode()}"
NO_SECRETS = dict.fromkeys(
    ("META_APP_ID", "META_APP_SECRET", "META_WEBHOOK_VERIFY_TOKEN", "META_CONFIG_ID")
)


@pytest.fixture
def since(acme_whatsapp: Any, write: Any, work: Any, graph: Any, restore: Any) -> Any:
    """Ada has written to Acme, with a photo, and was answered."""
    began = timezone.now()
    write("Hello", wamid="wamid.ada")
    write(type="image", image={"id": "7", "mime_type": "image/jpeg"}, wamid="wamid.photo")
    work()
    restore()
    return began


def test_nobody_is_asked_anything_over_the_network(since, graph, rehearse, monkeypatch):
    def refuse(*address: object) -> None:
        raise AssertionError(f"A rehearsal connects to {address}.")

    sent = len(graph.ledger)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    done = rehearse(since)

    assert (done.code, done.report["deliveries"], len(graph.ledger)) == (0, 2, sent)


def test_a_process_of_its_own_needs_no_key_of_the_copy_and_no_secret(since, copy):
    words = ("rehearse", "--copy", copy, "--since", since.isoformat())
    owner = {"DATABASE_OWNER_URL": database.owner_url(copy), "ENCRYPTION_KEYS": ANOTHER_KEY}
    done = manage(copy, *words, **NO_SECRETS, **owner)

    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0]) == (
        0,
        f"Rehearsed 2 deliveries since {since.isoformat()}: nothing would differ.",
    ), done.stderr
    assert f"{copy}_rehearsal" not in databases()


def test_a_rehearsal_that_fails_leaves_no_clone(since, copy, rehearse, monkeypatch):
    def fail(ids: object) -> int:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("messaging.rehearsal.playing.process", fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        rehearse(since)

    assert f"{copy}_rehearsal" not in databases()
