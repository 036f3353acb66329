"""What Meta posts when a person removes the app or wants their data deleted."""

import base64
import hashlib
import hmac
import json
import time

from tests.support.whatsapp.connect_page import APP_SECRET

PERSON = "122000000000001"  # who gives tokens, by the stand-in


def signed(secret: str = APP_SECRET, **told: object) -> str:
    known = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": PERSON}
    payload = encoded(json.dumps(known | told).encode())
    return (
        f"{encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"
    )


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
