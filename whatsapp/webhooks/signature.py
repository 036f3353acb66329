"""X-Hub-Signature-256: HMAC-SHA256 of the raw body under the app secret, as `sha256=` and 64
lower-case hex digits.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

from channels_app.providers import InvalidSignature

WELL_FORMED = re.compile(r"sha256=[0-9a-fA-F]{64}")


def sign(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str | None, secrets: Iterable[str]) -> None:
    """Raises InvalidSignature unless one of the secrets (several while rotating) signed exactly
    these bytes.
    """
    if not header or not WELL_FORMED.fullmatch(header):
        raise InvalidSignature(401)
    if not any(
        hmac.compare_digest(header.encode(), sign(body, secret).encode())
        for secret in secrets
        if secret
    ):
        raise InvalidSignature(403)
