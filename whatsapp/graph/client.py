"""Graph API calls. Every failure leaves as a SendError that says whether the message may have been
sent.

There is no idempotency key, so a POST is never repeated here. Certainly not sent is only what never
left (no connection), or what the API itself refused with a 4xx and its error JSON; everything else
is unknown.
"""

import json
import math
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

from channels_app.http import transport
from channels_app.providers import SendError
from channels_app.storable import Unstorable, storable_id
from whatsapp.errors import MEANINGS, OF_A_NUMBER, Meanings, refusal
from whatsapp.graph.appsecret_proof import proof
from whatsapp.graph.redaction import conceal
from whatsapp.json_values import Json, integer, text

CONNECT_SECONDS = 3.0
ANSWER_BYTES = 256 * 1024
BSUID_SEPARATOR = "."
NUMBER_FIELDS = "id,display_phone_number,verified_name,quality_rating,status"


_kept = threading.local()


def send(
    phone_number_id: str, *, token: str, body: Json, to: str, reference: str, quoting: str = ""
) -> tuple[str, Json]:
    """POST what was composed to a phone number's /messages; the wamid of what was accepted, and
    Meta's whole answer.

    `to` is a phone number, a wa_id or a BSUID; `quoting` the wamid of a message that it answers.
    """
    message = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **addressed(to),
        "biz_opaque_callback_data": reference,
        **({"context": {"message_id": quoting}} if quoting else {}),
        **body,
    }
    answer = call(
        "POST", f"{phone_number_id}/messages", token=token, meanings=OF_A_NUMBER, json=message
    )
    try:
        wamid = answer["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        wamid = None
    try:
        return storable_id(wamid), answer
    except Unstorable:
        raise SendError(
            "WhatsApp's answer names no message.", then="unknown", http_status=200
        ) from None


def phone_number(phone_number_id: str, *, token: str) -> dict[str, Any]:
    """What the API knows of a phone number that the token may use."""
    return call(
        "GET", phone_number_id, token=token, meanings=OF_A_NUMBER, params={"fields": NUMBER_FIELDS}
    )


def mark_read(phone_number_id: str, *, token: str, body: dict[str, Any]) -> None:
    """POST a read receipt, with or without a typing indicator, as `body` has it. Raises SendError;
    repeating it is harmless.
    """
    answer = call(
        "POST", f"{phone_number_id}/messages", token=token, meanings=OF_A_NUMBER, json=body
    )
    confirm(answer, "read receipt")


def addressed(to: str) -> dict[str, str]:
    """Who something is for, under the key that Meta has for ids of this form."""
    return {"recipient" if BSUID_SEPARATOR in to else "to": to}


def confirm(answer: Mapping[str, Any], what: str) -> None:
    if answer.get("success") is not True:
        raise SendError(
            f"WhatsApp's answer does not confirm the {what}.", then="unknown", http_status=200
        )


def call(
    method: str,
    path: str,
    *,
    token: str,
    params: Mapping[str, str] | None = None,
    at_most: int = ANSWER_BYTES,
    at_longest: float = math.inf,
    meanings: Meanings = MEANINGS,
    **content: Any,
) -> dict[str, Any]:
    """The answer's JSON object of one call, or a SendError. An answer of more than `at_most` bytes
    is none.

    `at_longest`: seconds, where it must not take as long as others may. `meanings`: of the codes of
    its refusals.
    """
    seconds = min(settings.SEND_TIMEOUT_SECONDS, at_longest)
    transport.expect(seconds)
    connect = min(CONNECT_SECONDS, seconds / 2)
    try:
        with session().request(
            method,
            address(path, {**(params or {}), **proof(token)}),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=(connect, seconds - connect),
            allow_redirects=False,
            stream=True,
            **content,
        ) as response:
            return read(response, at_most, meanings)
    except SendError:
        raise
    # its own words hold the address, with secrets; what counts is whether a byte of it has left
    except Exception:
        if transport.has_left():
            raise SendError(
                "WhatsApp did not answer in time, or not readably.", then="unknown"
            ) from None
        raise SendError("The connection to WhatsApp could not be made.", then="queued") from None


def address(path: str, params: Mapping[str, str] | None = None) -> str:
    query = f"?{urlencode(params)}" if params else ""
    return f"{settings.META_GRAPH_URL}/{settings.META_GRAPH_VERSION}/{path}{query}"


def read(
    response: requests.Response, at_most: int = ANSWER_BYTES, meanings: Meanings = MEANINGS
) -> dict[str, Any]:
    """The JSON object that the API answered, or the SendError that its refusal is."""
    content = response.raw.read(at_most + 1, decode_content=True)
    try:
        answer = json.loads(content, parse_int=integer)
    except (ValueError, RecursionError):
        answer = None
    if response.status_code == 200 and isinstance(answer, dict) and "error" not in answer:
        return answer
    error = answer.get("error") if isinstance(answer, dict) else None
    if 400 <= response.status_code < 500 and isinstance(error, dict):
        code, subcode, title = error.get("code"), error.get("error_subcode"), words(error, response)
        raise refusal(code, response.status_code, title, retry_after(response), subcode, meanings)
    raise SendError(
        f"WhatsApp answered HTTP {response.status_code}, which does not say what became of it.",
        then="unknown",
        http_status=response.status_code,
    )


def words(error: dict[str, Any], response: requests.Response) -> str:
    """Meta's own, without the token and whatever else is secret of what was asked."""
    return conceal(text(error.get("message")) or text(error.get("type")), response.request)[:300]


def retry_after(response: requests.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    return (
        timedelta(seconds=min(int(value), 86_400))
        if value.isascii() and value.isdigit() and len(value) < 9
        else None
    )


def session() -> requests.Session:
    """One kept session a thread: a new TLS connection for each message costs three times the
    CPU.
    """
    if not hasattr(_kept, "session"):
        _kept.session = requests.Session()
        for scheme in ("http://", "https://"):
            _kept.session.mount(scheme, transport.NotingAdapter())
        _kept.session.trust_env = False  # no token to a proxy or a .netrc that happens to be there
    return _kept.session
