"""Ada has a photo to send, and Acme a picture."""

import base64
from io import BytesIO
from typing import Any

import pytest

from messaging.media import transfer
from messaging.models import Conversation, Media
from tenants.scope import operator_scope
from tests.support.photos import HASH, PHOTO


@pytest.fixture
def sends_photo(write, work):
    """Ada sends the photo to Acme, and the worker takes it in: sends_photo(), or any keyword of
    `write`.
    """

    def sends_photo(**more: Any) -> None:
        image = {
            "id": "7",
            "mime_type": "image/jpeg",
            "sha256": base64.b64encode(bytes.fromhex(HASH)).decode(),
        }
        write("", **{"type": "image", "image": {**image, "caption": "It came like this"}, **more})
        work()

    return sends_photo


@pytest.fixture
def ada(acme_whatsapp, write, work, graph, db_rows) -> Conversation:
    """Her conversation with Acme: she has written, and gets no automatic reply."""
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = ''")
    write("Do you have a picture of it?")
    work()
    with operator_scope():
        return Conversation.objects.get(channel=acme_whatsapp)


@pytest.fixture
def catalogue(acme, jobs) -> Media:
    """A picture that Acme keeps."""
    return transfer.put(
        acme.id, BytesIO(PHOTO), kind="image", mime_type="image/jpeg", filename="cup.jpg"
    )
