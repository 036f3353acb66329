"""The metadata that the Graph API gives for a file, and what its refusals mean."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from channels_app.providers import MediaError, SendError
from channels_app.storable import storable_words
from whatsapp.graph import client
from whatsapp.json_values import text

MEDIA_ID = re.compile("[0-9A-Za-z_-]{1,128}")
HEX = re.compile("[0-9a-fA-F]{64}")
GONE = "WhatsApp does not have the file any more: ask the person to send it again."
UNDESCRIBED = "WhatsApp's answer does not describe the file; it is tried again."


@dataclass(frozen=True)
class Described:
    """A file's address, believed by nobody yet, with the type, SHA-256 and size in bytes that it
    should have.
    """

    url: object = field(repr=False)
    mime_type: str
    digest: bytes
    size: int


def describe(media_id: str, *, phone_number_id: str, token: str) -> Described:
    """Raises MediaError. Each call names a new address, which lives five minutes."""
    if not MEDIA_ID.fullmatch(media_id):
        raise MediaError("The file's id is none of WhatsApp's.", "failed")
    try:
        answer = client.call(
            "GET", media_id, token=token, params={"phone_number_id": phone_number_id}
        )
    except SendError as error:
        if is_gone(error):
            raise MediaError(GONE, "expired", code=error.code) from None
        raise understood(error) from None
    digest, size = digest_of(answer.get("sha256")), size_of(answer.get("file_size"))
    if digest is None or size is None:
        raise MediaError(UNDESCRIBED, "retry")
    mime_type = storable_words(text(answer.get("mime_type")) or "application/octet-stream", 255)
    return Described(url=answer.get("url"), mime_type=mime_type, digest=digest, size=size)


def is_gone(error: SendError) -> bool:
    """Whether the Graph API itself said that it does not know the id: an error page's 404 says
    nothing.
    """
    says_so = error.http_status == 404 or (error.code, error.subcode) == ("100", "33")
    return says_so and error.code != "" and not error.parks


def understood(error: SendError) -> MediaError:
    """The same refusal, of a file: nothing is ever sent twice by it, so what is not certain, or has
    no code, is tried again.
    """
    then = "failed" if error.then == "failed" and error.code else "retry"
    channel = {"parks": error.parks, "recovers_by": error.recovers_by}
    return MediaError(str(error), then, code=error.code, retry_in=error.retry_in, **channel)


def digest_of(text: Any) -> bytes | None:
    """A SHA-256 from hex, as the Graph API writes it, or from base64, as webhooks do."""
    if not isinstance(text, str):
        return None
    if HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == hashlib.sha256().digest_size else None


def size_of(value: Any) -> int | None:
    """A number of bytes, as JSON's number or in digits."""
    digits = str(value) if type(value) in (int, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
