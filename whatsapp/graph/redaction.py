"""Redact from Meta's error messages, which repeat parts of a malformed request, its secrets, who it
was for and what they were told: such a sentence becomes a channel's reason, and part of a mail.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

from django.conf import settings

PARAMETERS = {"access_token", "input_token", "appsecret_proof", "client_secret", "code"}
FIELDS = {
    **dict.fromkeys(("pin", "verify_token"), "[secret]"),
    **dict.fromkeys(("to", "recipient"), "[recipient]"),
    **dict.fromkeys(("text", "caption"), "[text]"),
}
# what is shorter tells nobody, and stands in words of Meta's own
SHORTEST_TEXT = 6


def conceal(text: str, request: Any) -> str:
    """The text without the secrets of this request (of `requests`), its recipient and their text,
    however they are written in it.
    """
    for secret, instead in sorted(secrets_of(request), key=lambda pair: -len(pair[0])):
        for written in {secret, quote_plus(secret, errors="replace"), in_json(secret)} - {""}:
            text = text.replace(written, instead)
    return text


def secrets_of(request: Any) -> Iterator[tuple[str, str]]:
    """Each with the word that stands for it; the whole token goes before its parts."""
    yield request.headers.get("Authorization", "").removeprefix("Bearer "), "[token]"
    yield settings.META_APP_SECRET, "[secret]"
    for name, value in parse_qsl(urlsplit(request.url).query):
        if name in PARAMETERS:
            yield value, "[secret]"
    for name, value in leaves(content_of(request.body)):
        instead = FIELDS.get(name, "")
        if instead and (instead != "[text]" or len(value) >= SHORTEST_TEXT):
            yield value, instead


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def content_of(body: Any) -> Any:
    """What was sent as JSON; None where it was not."""
    try:
        return json.loads(body) if isinstance(body, bytes) else None
    except ValueError:
        return None


def leaves(content: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text or number of some JSON with the nearest key of FIELDS above it, else its own."""
    match content:
        case dict():
            for key, inner in content.items():
                yield from leaves(inner, name if name in FIELDS else key)
        case list():
            for inner in content:
                yield from leaves(inner, name)
        case str() | int():
            yield name, str(content)
