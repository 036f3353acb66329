"""GET: the challenge by which Meta makes sure that the address is ours. Whatever is not exactly it
is refused.
"""

import pytest
import requests

from tests.support.outcomes import count

pytestmark = pytest.mark.whatsapp

TOKEN = "verify-token-of-the-tests"
ASKED = f"hub.mode=subscribe&hub.verify_token={TOKEN}"
REFUSED, ASKED_WRONGLY = 403, 400


@pytest.mark.parametrize(
    "slash", ["", "/"], ids=["without a trailing slash", "with a trailing slash"]
)
def test_the_challenge_comes_back_as_it_was_given(web, db_rows, slash):
    response = requests.get(
        f"{web}/api/webhooks/whatsapp{slash}?{ASKED}&hub.challenge=1158201444", timeout=10
    )

    assert (response.status_code, response.content, response.history) == (200, b"1158201444", [])
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert count(db_rows, "webhook_deliveries") == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param(
            "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", REFUSED, id="a wrong token"
        ),
        pytest.param(
            f"hub.mode=subscribe&hub.verify_token={TOKEN}x&hub.challenge=1",
            REFUSED,
            id="the token and more",
        ),
        pytest.param(
            f"hub.mode=subscribe&hub.verify_token={TOKEN[:-1]}&hub.challenge=1",
            REFUSED,
            id="half the token",
        ),
        pytest.param(
            f"hub.mode=subscribe&hub.verify_token={TOKEN.upper()}&hub.challenge=1",
            REFUSED,
            id="token in capitals",
        ),
        pytest.param("hub.mode=subscribe&hub.challenge=1", REFUSED, id="no token"),
        pytest.param(
            "hub.mode=subscribe&hub.verify_token=&hub.challenge=1", REFUSED, id="an empty token"
        ),
        pytest.param("", REFUSED, id="nothing at all"),
        pytest.param(f"hub.verify_token={TOKEN}&hub.challenge=1", REFUSED, id="no mode"),
        pytest.param(
            f"hub.mode=unsubscribe&hub.verify_token={TOKEN}&hub.challenge=1",
            REFUSED,
            id="the mode unsubscribe",
        ),
        pytest.param(f"{ASKED}&hub.mode=subscribe&hub.challenge=1", REFUSED, id="the mode twice"),
        pytest.param(
            "hub.mode=subscribe&hub.verify_token=t%C3%B6ken&hub.challenge=1",
            REFUSED,
            id="a non-ASCII token",
        ),
        pytest.param(
            "hub.mode=subscribe&hub.verify_token=%FF%FE&hub.challenge=1",
            REFUSED,
            id="a token that is no UTF-8",
        ),
        pytest.param(
            "hub.mode=subscribe&hub.verify_token=%ED%A0%BD&hub.challenge=1",
            REFUSED,
            id="a token half a character",
        ),
        pytest.param(
            f"hub.mode=subscribe&hub.verify_token={TOKEN}%00&hub.challenge=1",
            REFUSED,
            id="a token that ends in NUL",
        ),
        pytest.param(
            f"{ASKED}&hub.verify_token=wrong&hub.challenge=1",
            REFUSED,
            id="the right token and then a wrong one",
        ),
        pytest.param(
            f"hub.mode=subscribe&hub.verify_token=wrong&hub.verify_token={TOKEN}&hub.challenge=1",
            REFUSED,
            id="a wrong token and then the right one",
        ),
        pytest.param(ASKED, ASKED_WRONGLY, id="no challenge"),
        pytest.param(f"{ASKED}&hub.challenge=", ASKED_WRONGLY, id="an empty challenge"),
        pytest.param(
            f"{ASKED}&hub.challenge=1&hub.challenge=2", ASKED_WRONGLY, id="two challenges"
        ),
        pytest.param(
            f"{ASKED}&hub.challenge={'1' * 257}", ASKED_WRONGLY, id="a challenge of 257 characters"
        ),
    ],
)
def test_what_is_not_exactly_metas_challenge_is_refused_without_a_word(web, db_rows, query, status):
    response = requests.get(f"{web}/api/webhooks/whatsapp?{query}", timeout=10)

    assert (response.status_code, response.content) == (status, b"")
    assert count(db_rows, "webhook_deliveries") == 0


def test_a_challenge_of_256_characters_is_answered(web, db_rows):
    response = requests.get(
        f"{web}/api/webhooks/whatsapp?{ASKED}&hub.challenge={'1' * 256}", timeout=10
    )

    assert (response.status_code, response.content) == (200, b"1" * 256)


@pytest.mark.parametrize(
    "token", ["", "&hub.verify_token="], ids=["that is missing", "that is empty too"]
)
def test_a_token_that_we_never_set_is_matched_by_none(web, db_rows, settings, token):
    settings.WHATSAPP_VERIFY_TOKEN = ""
    response = requests.get(
        f"{web}/api/webhooks/whatsapp?hub.mode=subscribe{token}&hub.challenge=1", timeout=10
    )

    assert (response.status_code, response.content) == (403, b"")


def test_a_challenge_that_is_a_script_is_text_to_every_browser(web, db_rows):
    script = "<script>alert(1)</script>"
    response = requests.get(
        f"{web}/api/webhooks/whatsapp?{ASKED}&hub.challenge={script}", timeout=10
    )

    assert (response.status_code, response.text) == (200, script)
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "accept",
    ["application/xml", "image/png", "no type at all", "*/*;q=0"],
    ids=["that wants XML", "that wants an image", "that is broken", "that wants nothing"],
)
def test_a_challenge_is_not_refused_for_its_accept_header(web, db_rows, accept):
    address = f"{web}/api/webhooks/whatsapp?{ASKED}&hub.challenge=7"
    response = requests.get(address, headers={"Accept": accept}, timeout=10)

    assert (response.status_code, response.content) == (200, b"7")


def test_no_provider_answers_for_a_kind_that_is_not_there(web, db_rows):
    response = requests.get(f"{web}/api/webhooks/telegram?{ASKED}&hub.challenge=1", timeout=10)

    assert (response.status_code, response.content) == (404, b"")
