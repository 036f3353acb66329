"""Files as the Graph API keeps them: described by id, fetched from an address that is told with it,
handed over as a form.
"""

import hashlib
import os
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser

from whatsapp.stand_in.http import Answer, Request, Route, failing, refusal


@dataclass
class HeldFile:
    """`told`: what its description says instead of the truth (url, sha256, file_size, mime_type).
    `steps`: how the coming requests for its bytes go wrong: {"http": 404}, {"http": 302, "headers":
    {"Location": ...}}, {"delay": 2}, {"cut": bytes}; `unsaid`: how those for its description do:
    {"code": 190, "http": 401}, {"code": 100, "subcode": 33}.
    """

    content: bytes
    mime_type: str = "image/jpeg"
    told: dict[str, Any] = field(default_factory=dict)
    steps: deque[dict[str, Any]] = field(default_factory=deque)
    unsaid: deque[dict[str, Any]] = field(default_factory=deque)
    fetched_with: list[str] = field(default_factory=list)  # the tokens


def node(stand_in: Any, request: Request, media_id: str) -> Answer:
    """A file's description; its address is a new one each time."""
    held = stand_in.files[media_id]
    if held.unsaid:
        return failing(held.unsaid.popleft())
    return Answer(
        {
            "id": media_id,
            "url": f"{stand_in.url}/files/{media_id}/{os.urandom(4).hex()}",
            "mime_type": held.mime_type,
            "sha256": hashlib.sha256(held.content).hexdigest(),
            "file_size": len(held.content),
            **held.told,
        }
    )


def content(stand_in: Any, request: Request, media_id: str) -> Answer:
    held = stand_in.files.get(media_id)
    if held is None:
        return Answer("<html>Not found</html>", 404)
    held.fetched_with.append(request.token)
    step = held.steps.popleft() if held.steps else {}
    stand_in.stopping.wait(step.get("delay", 0))
    if "http" in step:
        return failing(step)
    if "cut" in step:
        return Answer(
            held.content[: step["cut"]],
            headers={"Content-Length": str(len(held.content)), "Connection": "close"},
        )
    return Answer(held.content)


def upload(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    if stand_in.upload_script:
        return failing(stand_in.upload_script.popleft())
    sent = {
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
    }
    fields, files = MultiPartParser(
        sent, BytesIO(request.body), [TemporaryFileUploadHandler()]
    ).parse()
    file = files.get("file")
    if file is None or fields.get("messaging_product") != "whatsapp":
        return refusal(100)
    media_id = str(int.from_bytes(os.urandom(7), "big"))
    held = HeldFile(content=file.read(), mime_type=fields.get("type", ""))
    stand_in.files[media_id] = held
    entry = {"id": media_id, "phone_number_id": phone_number_id, "token": request.token}
    told = {
        "filename": file.name,
        "mime_type": held.mime_type,
        "sha256": hashlib.sha256(held.content).hexdigest(),
    }
    stand_in.uploads.append(entry | told)
    return Answer({"id": media_id})


ROUTES = (Route("POST", "/([^/]+)/media", upload), Route("GET", "/files/([^/]+)/[^/]+", content))
