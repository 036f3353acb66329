"""What Meta posts when an app is removed: signed with a secret of ours, in the one way that Meta
signs, or forged.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from whatsapp.onboarding.signed_request import Forged, read

pytestmark = pytest.mark.whatsapp

SECRET, OLD_SECRET = "a secret of the app", "the secret before it"
TOLD = {"algorithm": "HMAC-SHA256", "user_id": "10222270944537964", "issued_at": 1767225600}


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def signed(payload: str, secret: str = SECRET, hash_of: Any = hashlib.sha256) -> str:
    return encoded(hmac.new(secret.encode(), payload.encode(), hash_of).digest()) + "." + payload


def payload(**changes: Any) -> str:
    return encoded(json.dumps({**TOLD, **changes}).encode())


GENUINE = signed(payload())
SIGNATURE, PAYLOAD = GENUINE.split(".")


@pytest.mark.parametrize(
    "secrets",
    [[SECRET], [SECRET, OLD_SECRET], [OLD_SECRET, SECRET], ["", SECRET]],
    ids=["one", "newest", "oldest", "beside none"],
)
def test_what_any_of_the_secrets_signed_is_read(secrets):
    assert read(GENUINE, secrets) == TOLD


def test_padding_changes_nothing():
    padded = PAYLOAD + "=" * (-len(PAYLOAD) % 4)

    assert read(signed(padded), [SECRET]) == TOLD
    assert read(f"{SIGNATURE}=.{PAYLOAD}", [SECRET]) == TOLD


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        pytest.param("", [SECRET], id="nothing"),
        pytest.param(".", [SECRET], id="a dot"),
        pytest.param(PAYLOAD, [SECRET], id="no signature and no dot"),
        pytest.param(f".{PAYLOAD}", [SECRET], id="no signature"),
        pytest.param(SIGNATURE, [SECRET], id="a signature of nothing"),
        pytest.param(f"{SIGNATURE}.", [SECRET], id="no payload"),
        pytest.param(signed(""), [SECRET], id="an empty payload, signed"),
        pytest.param(f"{SIGNATURE}.{payload(user_id='1')}", [SECRET], id="another payload"),
        pytest.param(f"{SIGNATURE}.{PAYLOAD}.{PAYLOAD}", [SECRET], id="two payloads"),
        pytest.param(f"{SIGNATURE[:-2]}.{PAYLOAD}", [SECRET], id="a cut signature"),
        pytest.param(f"{SIGNATURE}.{PAYLOAD}\n", [SECRET], id="a newline behind it"),
        pytest.param(GENUINE, [OLD_SECRET], id="another app's secret"),
        pytest.param(GENUINE, [], id="no secret at all"),
        pytest.param(signed(PAYLOAD, ""), [""], id="an empty secret proves nothing"),
        pytest.param(signed(PAYLOAD, hash_of=hashlib.sha1), [SECRET], id="signed with SHA-1"),
        pytest.param(signed(payload(algorithm="none")), [SECRET], id="an algorithm that is none"),
        pytest.param(signed(payload(algorithm="HMAC-SHA1")), [SECRET], id="a weaker algorithm"),
        pytest.param(
            signed(payload(algorithm="hmac-sha256")), [SECRET], id="the algorithm in small letters"
        ),
        pytest.param(
            signed(payload(algorithm=["HMAC-SHA256"])), [SECRET], id="the algorithm in a list"
        ),
        pytest.param(signed(encoded(b'{"user_id": "1"}')), [SECRET], id="no algorithm"),
        pytest.param(signed(encoded(b"[]")), [SECRET], id="a list, signed"),
        pytest.param(signed(encoded(b"no JSON")), [SECRET], id="no JSON, signed"),
        pytest.param(signed(encoded(b"\xff\xfe\xff")), [SECRET], id="no text, signed"),
        pytest.param(signed(encoded(b"[" * 6000)), [SECRET], id="endless nesting, signed"),
        pytest.param(signed("!!!!"), [SECRET], id="no base64, signed"),
        pytest.param(signed("a"), [SECRET], id="a base64 that ends too early, signed"),
        pytest.param(
            signed(payload(user_id="ü" * 9)).replace(".", "ü."), [SECRET], id="letters beyond ASCII"
        ),
        pytest.param(f"{SIGNATURE}.\ud800", [SECRET], id="half of a pair"),
        pytest.param(signed(payload(user_id="1" * 20_000)), [SECRET], id="huge, and signed"),
    ],
)
def test_anything_else_is_forged(text, secrets):
    with pytest.raises(Forged):
        read(text, secrets)


def test_what_nobody_signed_is_not_looked_into(monkeypatch):
    looked = []
    monkeypatch.setattr(json, "loads", looked.append)
    for text in (f"{SIGNATURE}.{payload(user_id='1')}", GENUINE):
        with pytest.raises(Forged):
            read(text, [SECRET])

    assert looked == [json.dumps(TOLD).encode()]
