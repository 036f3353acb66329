"""Encrypt secrets for their row: AES-256-GCM under a ring of keys.

A sealed text is `v1.<key id>.<base64url>`. What it belongs to (table, column, tenant, row) is
authenticated with it, so a text copied to another row does not open. The first key of
ENCRYPTION_KEYS seals, all of them open.
"""

import base64
import binascii
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "v1"
NONCE_BYTES = 12
CANNOT_OPEN = "{what} is missing, or does not open with the keys of this process."


class CannotOpen(Exception):
    """A secret is missing, or does not open: wrong key, wrong row, or changed.

    Its text is a sentence for the operator, and never the sealed text or the secret. `what`: what
    the secret is, as the beginning of that sentence: "The channel's token".
    """

    def __init__(self, what: str) -> None:
        super().__init__(CANNOT_OPEN.format(what=what))


def seal(secret: str, belongs_to: str) -> str:
    key_id, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, secret.encode(), belongs_to.encode())
    return f"{VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, belongs_to: str, what: str) -> str:
    """Return the secret. Raises CannotOpen, which says `what` it is."""
    try:
        version, key_id, encoded = sealed.split(".")
        if version != VERSION:
            raise ValueError(version)
        content = base64.urlsafe_b64decode(encoded)
        key = AESGCM(settings.ENCRYPTION_KEYS[key_id])
        return key.decrypt(
            content[:NONCE_BYTES], content[NONCE_BYTES:], belongs_to.encode()
        ).decode()
    except (ValueError, KeyError, binascii.Error, InvalidTag):
        raise CannotOpen(what) from None


def keyed_hashes(text: str, purpose: str) -> list[bytes]:
    """Return hashes of 32 bytes that only we can make of this text for this purpose: one under each
    key, the sealing one's first.
    """
    own_keys = (
        hmac.digest(key, purpose.encode(), "sha256") for key in settings.ENCRYPTION_KEYS.values()
    )
    return [hmac.digest(own, text.encode(), "sha256") for own in own_keys]
