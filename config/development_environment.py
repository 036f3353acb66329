"""Environment variables of a development copy: secrets that are generated once, and the URLs of
the stand-in for Meta.
"""

import base64
import os
import re
import secrets

from config.running import FOLDER, GIVEN, PROJECT

KEPT = FOLDER / "environment"
OWN_NAMES = {"DEMO_API_KEY", "DEMO_TOKEN", "DJANGO_SUPERUSER_PASSWORD"}


def kept() -> dict[str, str]:
    """Return the copy's secrets, generated once into a private file. Mail is printed by default."""
    lines = KEPT.read_text().splitlines() if KEPT.exists() else []
    known = dict(line.split("=", 1) for line in lines)
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(24),
        "WHATSAPP_APP_SECRET": secrets.token_hex(16),
        "DATABASE_PASSWORD": secrets.token_hex(16),
        "DJANGO_SUPERUSER_PASSWORD": secrets.token_urlsafe(9),
        "DEMO_TOKEN": "stand-in-" + secrets.token_hex(8),
        "DEMO_API_KEY": "msk_" + secrets.token_hex(22)[:43],
    }
    if missing := made.keys() - known.keys():
        with open(os.open(KEPT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.writelines(f"{name}={made[name]}\n" for name in made if name in missing)
    printed = {"EMAIL_URL": "consolemail://", "OPERATORS_EMAIL": "operators@example.com"}
    mail = {} if GIVEN.get("EMAIL_URL") else printed
    return {**mail, **made, **known}


def stand_in_for_meta(port: int, app_secret: str) -> dict[str, str]:
    """Return the variables of Meta's URLs and app, with the stand-in in the place of Meta."""
    address = f"http://127.0.0.1:{port}"
    app = {
        "META_APP_ID": "100000000000001",
        "META_CONFIG_ID": "100000000000002",
        "META_APP_SECRET": app_secret,
    }
    return app | {
        "META_GRAPH_URL": address,
        "META_DIALOG_URL": address,
        "META_SDK_URL": f"{address}/en_US/sdk.js",
    }


def recorded(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that other commands of this copy need: those of .env.example and the
    demo's own.
    """
    example = (PROJECT / ".env.example").read_text()
    names = {*re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE), *OWN_NAMES}
    return {name: value for name, value in environment.items() if name in names}
