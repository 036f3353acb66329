"""Django's settings of languages, and of how dates are written in each."""

from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


def languages(*, is_https: bool) -> dict[str, Any]:
    """Return the settings."""
    return {
        "LANGUAGE_CODE": "en",
        "LANGUAGES": [("en", "English"), ("de", "Deutsch")],
        "LANGUAGE_COOKIE_NAME": "language",
        "LANGUAGE_COOKIE_AGE": 365 * 24 * 3600,
        "LANGUAGE_COOKIE_SECURE": is_https,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "LOCALE_PATHS": [PROJECT / "locale"],
        "FORMAT_MODULE_PATH": "config.formats",
    }
