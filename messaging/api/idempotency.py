"""Requests that are done once: a repeated one with the same Idempotency-Key gets the first answer.

The key's row is written in the transaction of what the request does. So a request that fails, or
whose process is killed, leaves no key behind, and one that is sent twice at once waits for the
other.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.models import IdempotencyKey
from messaging.models.idempotency_key import LONGEST_KEY
from tenants.api.problems import Problem
from tenants.api.views import ApiView

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}
BAD_KEY = f"{HEADER} must have 1 to {LONGEST_KEY} characters, of ASCII's visible ones."
OTHER_REQUEST = "The Idempotency-Key was used for another request. Use a new key for a new request."

PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Up to 255 visible ASCII characters of your choice. The same request with the same"
    " key within 24 hours is done once, and answered alike.",
)

Handler = Callable[..., Response]


def done_once(handler: Handler) -> Handler:
    """Make a handler answer a repeated request as it answered the first one. The header is
    optional; without it every request is a new one.
    """

    @wraps(handler)
    def handle(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise Problem(400, "bad_idempotency_key", BAD_KEY)
        asked = hash_of(request)
        row_id = IdempotencyKey.objects.claim(view.tenant_id, key, asked)
        if row_id is None:
            return first_answer(key, asked)
        response = handler(view, request, *args, **kwargs)
        IdempotencyKey.objects.answered(row_id, response.status_code, json.dumps(response.data))
        return response

    return handle


def first_answer(key: str, asked: bytes) -> Response:
    """Return what the first request with the key was answered. Raises Problem if it asked for
    something else.
    """
    row = IdempotencyKey.objects.get(key=key)
    if bytes(row.request_hash) != asked:
        raise Problem(422, "idempotency_key_reused", OTHER_REQUEST)
    return Response(json.loads(row.answer), status=row.status, headers=REPLAYED)


def hash_of(request: Request) -> bytes:
    """Return the SHA-256 of what a request asks for: method, path and body."""
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).digest()
