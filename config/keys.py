"""Secrets and keys from the environment. Error sentences never repeat a secret."""

import base64
import binascii
import re

from config.environment import QUOTES, faults, is_number, items, optional, required

# Values copied from examples begin like this.
PLACEHOLDERS = ("your_", "your-", "changeme", "change-me", "placeholder", "django-insecure")
NOT_IN_A_SECRET = re.compile(rf"[\s{QUOTES}]")


def is_weak(value: str, at_least: int) -> bool:
    return len(value.encode()) < at_least or value.lower().startswith(PLACEHOLDERS)


def secret(name: str, *, purpose: str, at_least: int) -> str:
    value = required(name, purpose=purpose)
    if value and is_weak(value, at_least):
        faults.append(
            f"{name} is too short or a placeholder: use at least {at_least} random characters."
        )
    return value


def app_secrets(text: str) -> list[str]:
    """Return the app secrets: one, or several while rotating. Any of them verifies a webhook."""
    secrets = items(text)
    if any(is_weak(each, 16) for each in secrets):
        faults.append(
            "WHATSAPP_APP_SECRET holds a secret that is empty, under 16 bytes or a placeholder:"
            " copy Meta's."
        )
    elif any(map(NOT_IN_A_SECRET.search, secrets)):
        faults.append(
            "WHATSAPP_APP_SECRET holds a secret with a blank or a quotation mark in it: write"
            " NEW,OLD."
        )
    return secrets


def meta_app() -> tuple[str, str, str]:
    """Return the app's id, secret and login configuration id. Businesses can be connected only with
    all three.
    """
    app_id, app_secret, config_id = map(
        optional, ("META_APP_ID", "META_APP_SECRET", "META_CONFIG_ID")
    )
    if len({bool(app_id), bool(app_secret), bool(config_id)}) > 1:
        faults.append(
            "META_APP_ID, META_APP_SECRET and META_CONFIG_ID belong together: set all three of"
            " them, or none."
        )
    for name, value in {"META_APP_ID": app_id, "META_CONFIG_ID": config_id}.items():
        if value and not is_number(value):
            faults.append(
                f"{name} is not one of Meta's ids, which are digits alone: copy it as .env.example"
                " says."
            )
    if app_secret and is_weak(app_secret, 16):
        faults.append("META_APP_SECRET is under 16 bytes or a placeholder: copy Meta's.")
    elif NOT_IN_A_SECRET.search(app_secret):
        faults.append("META_APP_SECRET has a blank or a quotation mark in it: copy Meta's.")
    return app_id, app_secret, config_id


def encryption_keys(text: str) -> dict[str, bytes]:
    """Parse `k2:BASE64,k1:BASE64` into {"k2": 32 bytes, ...}. The first encrypts, any decrypts."""
    keys: dict[str, bytes] = {}
    for part in items(text):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, altchars="-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id.isalnum() or len(key) != 32:
            faults.append(
                "ENCRYPTION_KEYS holds a key that is not NAME:BASE64URL of 32 bytes; make one as"
                " .env.example shows."
            )
        elif key_id in keys:
            faults.append(
                f"ENCRYPTION_KEYS names the key {key_id!r} twice; what the other one sealed would"
                " not open."
            )
        elif not any(key):
            faults.append("ENCRYPTION_KEYS holds a key of zeros; make one as .env.example shows.")
        else:
            keys[key_id] = key
    return keys
