"""Meta's signature: these bytes, under one of our secrets, written exactly as Meta writes it."""

import pytest

from channels_app.providers import InvalidSignature
from tests.support.whatsapp import corpus
from whatsapp.webhooks.signature import sign, verify

pytestmark = pytest.mark.whatsapp

BODY, SECRET, OLD_SECRET = b'{"entry": []}', "a secret of the app", "the secret before it"
DIGITS = sign(BODY, SECRET).removeprefix("sha256=")


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case["file"])
def test_the_recorded_webhooks_are_signed_as_their_index_says(case):
    body = (corpus.FOLDER / case["file"]).read_bytes()

    assert sign(body, corpus.INDEX["app_secret"]) == case["x_hub_signature_256"]


@pytest.mark.parametrize(
    "secrets",
    [[SECRET], [SECRET, OLD_SECRET], [OLD_SECRET, SECRET], ["", SECRET]],
    ids=["one", "newest", "oldest", "beside none"],
)
def test_a_signature_under_any_of_the_secrets_is_genuine(secrets):
    assert verify(BODY, sign(BODY, SECRET), secrets) is None


@pytest.mark.parametrize(
    ("header", "secrets", "status"),
    [
        pytest.param(None, [SECRET], 401, id="no header"),
        pytest.param("", [SECRET], 401, id="an empty header"),
        pytest.param("sha256=", [SECRET], 401, id="no digits"),
        pytest.param(DIGITS, [SECRET], 401, id="no prefix"),
        pytest.param(f"sha1={DIGITS}", [SECRET], 401, id="another algorithm"),
        pytest.param(f"SHA256={DIGITS}", [SECRET], 401, id="the prefix in capitals"),
        pytest.param(f"sha256={DIGITS[:-1]}", [SECRET], 401, id="63 digits"),
        pytest.param(f"sha256={DIGITS}0", [SECRET], 401, id="65 digits"),
        pytest.param(f"sha256={DIGITS}\n", [SECRET], 401, id="a newline behind it"),
        pytest.param(f" sha256={DIGITS}", [SECRET], 401, id="a space before it"),
        pytest.param(f"sha256={DIGITS},sha256={DIGITS}", [SECRET], 401, id="two of them"),
        pytest.param("sha256=" + "١" * 64, [SECRET], 401, id="digits of another script"),
        pytest.param("sha256=" + "\xe9" * 64, [SECRET], 401, id="letters beyond ASCII"),
        pytest.param(f"sha256={DIGITS.upper()}", [SECRET], 403, id="digits in capitals"),
        pytest.param(f"sha256={DIGITS}", [OLD_SECRET], 403, id="another secret"),
        pytest.param(f"sha256={DIGITS}", [], 403, id="no secret at all"),
        pytest.param(sign(BODY, ""), [""], 403, id="an empty secret proves nothing"),
        pytest.param(sign(BODY + b"\n", SECRET), [SECRET], 403, id="other bytes"),
    ],
)
def test_anything_else_is_refused(header, secrets, status):
    with pytest.raises(InvalidSignature) as refusal:
        verify(BODY, header, secrets)

    assert refusal.value.status == status
