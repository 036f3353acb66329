"""Codes of a second factor: those that an authenticator app makes (RFC 6238), and recovery codes.
Pure: no database, no network.
"""

import base64
import hmac
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

SECRET_BYTES = 20
STEP_SECONDS, DIGITS = 30, 6
NEIGHBOURS = 1  # steps before and after: clocks differ
APP_CODE = re.compile(r"[0-9]{6}", re.ASCII)
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none looks like another
RECOVERY_LENGTH = 10  # 49 bits


def new_secret() -> str:
    """Return a secret as authenticator apps take it, in Base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def address_of(secret: str, *, user: str, site: str) -> str:
    """Return the address in the picture that an authenticator app reads."""
    label = quote(f"{site}:{user}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': site})}"


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """Return the time step of an app's code: that of `at` or a neighbour, later than `after`. None:
    the code is wrong, or was taken already.
    """
    digits = code.replace(" ", "")
    if not APP_CODE.fullmatch(digits):
        return None
    totp = TOTP(base64.b32decode(secret), STEP_SECONDS, digits=DIGITS)
    totp.time = at.timestamp()
    return totp.t() if totp.verify(int(digits), NEIGHBOURS, min_t=after + 1) else None


def new_recovery_codes() -> list[str]:
    """Return recovery codes as people read them: "k7mqa-92xhd"."""
    codes = (
        "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def hash_of(secret: str, code: str) -> bytes:
    """Return the hash of a recovery code, however it was typed. Its key is made of the app's
    secret, which is sealed: who has the database alone can try no codes, and a rotation of
    ENCRYPTION_KEYS leaves them valid.
    """
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    key = hmac.digest(secret.encode(), b"recovery codes", "sha256")
    return hmac.digest(key, typed.encode(), "sha256")
