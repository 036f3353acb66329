"""Reading the environment: values are checked, and what is wrong with them is said in `faults`, a sentence each."""

import base64
import binascii
import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env")  # the real environment goes before it
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
PLACEHOLDERS = ("your_", "your-", "changeme", "change-me", "placeholder", "django-insecure")  # how examples begin
faults: list[str] = []


def required(name: str, *, purpose: str) -> str:
    value = os.environ.get(name, "").strip()  # not env.str: it takes a leading $ for a reference
    if not value:
        faults.append(f"{name} is not set: it {purpose}. Set it in the environment or in .env (see .env.example).")
    return value


def optional(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def is_weak(value: str, at_least: int) -> bool:
    return len(value.encode()) < at_least or value.lower().startswith(PLACEHOLDERS)


def app_secrets(text: str) -> list[str]:
    """One secret, or several while rotating; any of them verifies a webhook."""
    secrets = [part.strip() for part in text.split(",")] if text else []
    if any(is_weak(each, 16) for each in secrets):
        faults.append("WHATSAPP_APP_SECRET holds a secret that is empty, under 16 bytes or a placeholder: copy Meta's.")
    return secrets


def secret(name: str, *, purpose: str, at_least: int) -> str:
    value = required(name, purpose=purpose)
    if value and is_weak(value, at_least):
        faults.append(f"{name} is too short or a placeholder: use at least {at_least} random characters.")
    return value


def address(url: str) -> SplitResult:
    """The parts of a URL; none where it is not one."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def guarded_address(name: str, default: str = "", *, because: str) -> str:
    """A URL that nobody can read or bend on its way: https, or http that does not leave this machine."""
    url = optional(name, default)
    parts = address(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)):
        faults.append(f"{name} must be an https address, or http on this machine: {because}.")
    return url


def meta_app() -> tuple[str, str, str]:
    """The app's id, secret and login configuration: without any one of them no business can be connected."""
    app_id, app_secret, config_id = map(optional, ("META_APP_ID", "META_APP_SECRET", "META_CONFIG_ID"))
    if len({bool(app_id), bool(app_secret), bool(config_id)}) > 1:
        faults.append("META_APP_ID, META_APP_SECRET and META_CONFIG_ID belong together: set all three of them, or none.")
    if app_secret and is_weak(app_secret, 16):
        faults.append("META_APP_SECRET is under 16 bytes or a placeholder: copy Meta's.")
    return app_id, app_secret, config_id


def positive(name: str, default: float) -> float:
    text = env.str(name, str(default))
    try:
        if 0 < float(text) < 10**6:
            return float(text)
    except ValueError:
        pass
    faults.append(f"{name} is {text!r}: it must be a positive number of seconds.")
    return default


def database(name: str, url: str) -> dict:
    """Django's settings for a PostgreSQL URL; the same for the runtime role and for the owner."""
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in {"postgresql", "postgres"} and parts.username and parts.path.strip("/")
        is_complete = is_complete and (parts.port or True) and env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        is_complete = False
    if url and not is_complete:
        faults.append(f"{name} is not a PostgreSQL address: write postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE.")
        url = ""
    options = {"connect_timeout": 3, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    options |= {"tcp_user_timeout": 10_000}  # ms: a network that is gone is noticed while a request waits for it
    parsed = env.db_url_config(url or "postgresql://missing/missing")
    return {
        **parsed,
        "OPTIONS": {**parsed.get("OPTIONS", {}), **options, "server_side_binding": True},  # no value reaches the server's log
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may stand in between
    }


def encryption_keys(text: str) -> dict[str, bytes]:
    """`k2:BASE64,k1:BASE64` as {"k2": 32 bytes, ...}; the first key seals, all of them open."""
    keys: dict[str, bytes] = {}
    for part in text.split(",") if text else ():
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id.isalnum() or len(key) != 32:
            faults.append("ENCRYPTION_KEYS holds a key that is not NAME:BASE64URL of 32 bytes; make one as .env.example shows.")
        elif key_id in keys:
            faults.append(f"ENCRYPTION_KEYS names the key {key_id!r} twice; what the other one sealed would not open.")
        elif not any(key):
            faults.append("ENCRYPTION_KEYS holds a key of zeros; make one as .env.example shows.")
        else:
            keys[key_id] = key
    return keys
