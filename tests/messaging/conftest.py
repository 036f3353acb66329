"""Ada has a photo to send."""

import base64
from typing import Any

import pytest

from tests.messaging.photos import HASH, PHOTO
from whatsapp.stand_in.files import HeldFile


@pytest.fixture
def photo(graph) -> HeldFile:
    graph.files["7"] = HeldFile(PHOTO)
    return graph.files["7"]


@pytest.fixture
def sends_photo(write, work):
    """Ada sends the photo to Acme, and the worker takes it in: sends_photo(), or any keyword of `write`."""

    def sends_photo(**more: Any) -> None:
        image = {"id": "7", "mime_type": "image/jpeg", "sha256": base64.b64encode(bytes.fromhex(HASH)).decode()}
        write("", **{"type": "image", "image": {**image, "caption": "It came like this"}, **more})
        work()

    return sends_photo
