"""Meta's own callbacks: who removed our app, and who wants their data deleted; believed by their signature alone."""

import base64
import hashlib
import hmac
import json

import pytest
import requests

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.outcomes import count
from tests.whatsapp.connect.conftest import APP_SECRET, PAGE
from whatsapp.models import Signup

PERSON = "122000000000001"  # who gives tokens, by the stand-in


@pytest.fixture
def connected(ada, account, meta, finish, jobs) -> None:
    finish()
    jobs()


def signed(secret: str = APP_SECRET, **told: object) -> str:
    payload = encoded(json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1790000000, "user_id": PERSON, **told}).encode())
    return f"{encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def post(web: str, way: str, signed_request: str) -> requests.Response:
    return requests.post(f"{web}{PAGE}{way}", data={"signed_request": signed_request}, timeout=10)


def status() -> tuple[str, str]:
    with operator_scope():
        return Channel.objects.values_list("status", "status_reason").get()


def test_who_removed_our_app_stops_the_numbers_that_they_connected(web, connected):
    answer = post(web, "deauthorize", signed())

    assert (answer.status_code, status()) == (
        200,
        ("needs_reauth", "The person who connected the number has removed our app at Meta: connect it again."),
    )


def test_somebody_else_stops_nothing(web, connected):
    assert post(web, "deauthorize", signed(user_id="999")).status_code == 200
    assert status() == ("live", "")


def test_who_removes_our_app_stops_no_number_that_somebody_else_has_connected_again(web, connected, finish, jobs, db_rows):
    db_rows.execute("UPDATE messaging.whatsapp_signups SET granted_by = '999'")
    finish()
    jobs()

    assert (post(web, "deauthorize", signed(user_id="999")).status_code, status()) == (200, ("live", ""))
    post(web, "deauthorize", signed())
    assert status()[0] == "needs_reauth"


def test_a_deletion_leaves_nothing_of_the_person_and_a_page_that_says_so(web, connected, db_rows):
    told = post(web, "deletion", signed()).json()
    page = requests.get(told["url"].replace("http://127.0.0.1:8000", web), timeout=10)

    everything = "".join(
        str(db_rows.execute(f"SELECT to_jsonb(t) FROM messaging.{table} t").fetchall())
        for table in ("whatsapp_signups", "whatsapp_deletions", "channels", "channel_events")
    )
    assert (PERSON in everything, status()[0]) == (False, "needs_reauth")
    assert (page.status_code, told["confirmation_code"] in page.text, PERSON in page.text) == (200, True, False)
    assert requests.get(f"{web}{PAGE}deletion/another-code/", timeout=10).status_code == 404


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("", id="nothing"),
        pytest.param(signed("another secret of somebody"), id="another secret"),
        pytest.param(signed(algorithm="none"), id="another algorithm"),
        pytest.param("." + signed().partition(".")[2], id="no signature"),
        pytest.param(signed().partition(".")[0] + "." + signed(user_id="7").partition(".")[2], id="another payload"),
    ],
)
def test_what_meta_did_not_sign_is_refused_and_changes_nothing(web, connected, db_rows, forged):
    answers = [post(web, way, forged) for way in ("deauthorize", "deauthorize/", "deletion", "deletion/")]

    assert [(answer.status_code, answer.content) for answer in answers] == [(403, b"")] * 4
    assert status() == ("live", "")
    assert count(db_rows, "whatsapp_deletions") == 0
    with operator_scope():
        assert Signup.objects.get().granted_by == PERSON


def test_only_a_post_counts(web, connected):
    assert [requests.get(f"{web}{PAGE}{way}", timeout=10).status_code for way in ("deauthorize", "deletion")] == [405, 405]
