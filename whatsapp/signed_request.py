"""signed_request: what Meta posts when somebody removes the app or asks for their data to be deleted."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

ALGORITHM = "HMAC-SHA256"
LENGTH = 16_384


class Forged(Exception):
    """Not signed by Meta with one of our secrets."""


def read(signed_request: str, secrets: Iterable[str]) -> dict[str, Any]:
    """What it says; raises Forged. Nothing of it is looked into before one of the secrets has signed it."""
    if len(signed_request) > LENGTH or not signed_request.isascii():
        raise Forged
    signature, dot, payload = signed_request.partition(".")
    given = decoded(signature)
    expected = [hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest() for secret in secrets if secret]
    if not dot or not any(hmac.compare_digest(given, each) for each in expected):
        raise Forged
    try:
        told = json.loads(decoded(payload))
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(told, dict) or told.get("algorithm") != ALGORITHM:
        raise Forged
    return told


def decoded(text: str) -> bytes:
    """From base64url, with or without its padding."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Forged from None
