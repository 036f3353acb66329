"""Verify a signed_request, which Meta posts when somebody removes the app or asks for their data to
be deleted.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

ALGORITHM = "HMAC-SHA256"
LENGTH = 16_384
AHEAD = timedelta(days=1)  # that clocks may differ by


class Forged(Exception):
    """Not signed by Meta with one of our secrets."""


def read(signed_request: str, secrets: Iterable[str]) -> dict[str, Any]:
    """What it says; raises Forged. Nothing of it is looked into before one of the secrets has
    signed it.
    """
    if len(signed_request) > LENGTH or not signed_request.isascii():
        raise Forged
    signature, dot, payload = signed_request.partition(".")
    given = decoded(signature)
    expected = [
        hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
        for secret in secrets
        if secret
    ]
    if not dot or not any(hmac.compare_digest(given, each) for each in expected):
        raise Forged
    try:
        told = json.loads(decoded(payload))
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(told, dict) or told.get("algorithm") != ALGORITHM:
        raise Forged
    return told


def issued_at(told: dict[str, Any]) -> datetime:
    """When it was signed, in whole seconds; now, where it does not say. Meta may repeat it for
    hours, so it may be old; raises Forged where it is no time that has been.
    """
    if told.get("issued_at") is None:
        return timezone.now()
    try:
        moment = datetime.fromtimestamp(int(told["issued_at"]), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise Forged from None
    if moment > timezone.now() + AHEAD:
        raise Forged
    return moment


def decoded(text: str) -> bytes:
    """From base64url, with or without its padding."""
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        raise Forged from None
