"""Redact the secrets of a request from Meta's error messages, which repeat parts of a malformed
request.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

from django.conf import settings

PARAMETERS = {"access_token", "input_token", "appsecret_proof", "client_secret", "code"}
FIELDS = {"pin", "verify_token"}


def conceal(text: str, request: Any) -> str:
    """The text without the secrets of this request (of `requests`), however they are written
    in it.
    """
    for secret, instead in sorted(secrets_of(request), key=lambda pair: -len(pair[0])):
        for written in {secret, quote_plus(secret, errors="replace")} - {""}:
            text = text.replace(written, instead)
    return text


def secrets_of(request: Any) -> Iterator[tuple[str, str]]:
    """Each with the word that stands for it; the whole token goes before its parts."""
    yield request.headers.get("Authorization", "").removeprefix("Bearer "), "[token]"
    yield settings.META_APP_SECRET, "[secret]"
    for name, value in parse_qsl(urlsplit(request.url).query):
        if name in PARAMETERS:
            yield value, "[secret]"
    for name, value in fields_of(request.body).items():
        if name in FIELDS:
            yield str(value), "[secret]"


def fields_of(body: Any) -> dict[str, Any]:
    try:
        fields = json.loads(body) if isinstance(body, bytes) else None
    except ValueError:
        fields = None
    return fields if isinstance(fields, dict) else {}
