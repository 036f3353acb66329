"""Standard Webhooks: the secrets of endpoints, and the headers that sign a request with them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
import os
from collections.abc import Iterable
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def signed_headers(
    secrets: Iterable[str], event_id: UUID, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the three headers of a request, with a signature for each secret.

    `timestamp`: when this request leaves, in seconds; the id is the same over all requests of an
    event.
    """
    content = b".".join((str(event_id).encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, content) for secret in secrets),
    }


def signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, content, 'sha256')).decode()}"
