"""Meta's own callbacks: who removed our app, and who wants their data deleted; believed by their
signature alone.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.database import superuser_url
from tests.support.outcomes import count
from tests.support.whatsapp.connect_page import PAGE
from tests.support.whatsapp.signed_requests import PERSON, signed
from whatsapp.models import Signup
from whatsapp.onboarding import deauthorization

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]


@pytest.fixture
def connected(ada, account, meta, finish, jobs) -> None:
    finish()
    jobs()


def post(web: str, way: str, signed_request: str) -> requests.Response:
    return requests.post(f"{web}{PAGE}{way}", data={"signed_request": signed_request}, timeout=10)


def status() -> tuple[str, str]:
    with operator_scope():
        return Channel.objects.values_list("status", "status_reason").get()


def test_who_removed_our_app_stops_the_numbers_that_they_connected(web, connected):
    answer = post(web, "deauthorize", signed())

    assert (answer.status_code, status()) == (
        200,
        (
            "needs_reauth",
            "The person who connected the number has removed our app at Meta: connect it again.",
        ),
    )


@pytest.mark.parametrize("way", ["deauthorize", "deletion"])
def test_a_number_that_somebody_holds_locked_for_a_moment_is_stopped_all_the_same(
    web, connected, database_name, way
):
    with ThreadPoolExecutor() as meta, psycopg.connect(superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.channels FOR UPDATE")
        asked = meta.submit(post, web, way, signed())
        with pytest.raises(TimeoutError):
            asked.result(timeout=0.5)
        other.rollback()
        assert asked.result().status_code == 200

    assert status()[0] == "needs_reauth"


def test_meta_is_told_to_ask_again_where_a_number_stays_locked(
    web, connected, database_name, monkeypatch
):
    monkeypatch.setattr(deauthorization, "PAUSE_SECONDS", 0)
    with psycopg.connect(superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.channels FOR UPDATE")
        assert post(web, "deauthorize", signed()).status_code == 503
    assert status()[0] == "live"

    assert post(web, "deauthorize", signed()).status_code == 200
    assert status()[0] == "needs_reauth"


def test_somebody_else_stops_nothing(web, connected):
    assert post(web, "deauthorize", signed(user_id="999")).status_code == 200
    assert status() == ("live", "")


def test_who_removes_our_app_stops_no_number_that_somebody_else_has_connected_again(
    web, connected, finish, jobs, db_rows
):
    db_rows.execute("UPDATE messaging.whatsapp_signups SET granted_by = '999'")
    finish()
    jobs()

    assert (post(web, "deauthorize", signed(user_id="999")).status_code, status()) == (
        200,
        ("live", ""),
    )
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
    assert (page.status_code, told["confirmation_code"] in page.text, PERSON in page.text) == (
        200,
        True,
        False,
    )
    assert requests.get(f"{web}{PAGE}deletion/another-code/", timeout=10).status_code == 404


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("", id="nothing"),
        pytest.param(signed("another secret of somebody"), id="another secret"),
        pytest.param(signed(algorithm="none"), id="another algorithm"),
        pytest.param(
            signed(issued_at=int(time.time()) + 3 * 24 * 3600), id="a time that is to come"
        ),
        pytest.param(signed(issued_at=10**30), id="a time that no calendar has"),
        pytest.param(signed(issued_at="yesterday"), id="no time"),
        pytest.param(signed(issued_at=[1]), id="a list for a time"),
        pytest.param(signed(issued_at=float("nan")), id="no number for a time"),
        pytest.param("." + signed().partition(".")[2], id="no signature"),
        pytest.param(
            signed().partition(".")[0] + "." + signed(user_id="7").partition(".")[2],
            id="another payload",
        ),
    ],
)
def test_what_meta_did_not_sign_is_refused_and_changes_nothing(web, connected, db_rows, forged):
    answers = [
        post(web, way, forged) for way in ("deauthorize", "deauthorize/", "deletion", "deletion/")
    ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(403, b"")] * 4
    assert status() == ("live", "")
    assert count(db_rows, "whatsapp_deletions") == 0
    with operator_scope():
        assert Signup.objects.get().granted_by == PERSON


@pytest.mark.parametrize("ago", [10, 3600, 400 * 24 * 3600])
def test_an_old_request_stops_no_number_that_was_connected_since(web, connected, ago):
    assert post(web, "deauthorize", signed(issued_at=int(time.time()) - ago)).status_code == 200
    assert status() == ("live", "")


def test_a_request_that_comes_again_after_they_connected_again_stops_nothing(
    web, connected, finish, jobs, db_rows
):
    request = signed()
    post(web, "deauthorize", request)
    db_rows.execute(
        "UPDATE messaging.whatsapp_signups SET created_at = created_at - interval '1 hour'"
    )
    finish()
    jobs()
    db_rows.execute(
        "UPDATE messaging.channels SET connected_at = connected_at + interval '1 minute'"
    )
    answers = [post(web, "deauthorize", request).status_code for _ in range(3)]

    assert (answers, status()) == ([200] * 3, ("live", ""))


@pytest.mark.parametrize("ago", [0, 6 * 3600])
def test_a_request_that_meta_repeats_for_hours_still_counts(web, connected, db_rows, ago):
    db_rows.execute("UPDATE messaging.channels SET connected_at = connected_at - interval '1 day'")
    post(web, "deauthorize", signed(issued_at=int(time.time()) - ago))

    assert status()[0] == "needs_reauth"


def test_a_request_that_does_not_say_when_counts_now(web, connected):
    post(web, "deauthorize", signed(issued_at=None))

    assert status()[0] == "needs_reauth"


def test_an_unfinished_signup_of_since_keeps_its_token(
    web, ada, account, meta, finish, graph, jobs, db_rows
):
    graph.onboarding_script["subscribe"].append({"code": 100})
    finish()
    jobs()
    post(web, "deauthorize", signed(issued_at=int(time.time()) - 60))
    with operator_scope():
        assert Signup.objects.get().credentials != ""

    post(web, "deauthorize", signed())
    with operator_scope():
        assert Signup.objects.get().credentials == ""


def test_a_deletion_that_is_asked_for_again_is_one_deletion_with_the_same_answer(
    web, connected, db_rows
):
    request = signed()
    signature, _, payload = request.partition(".")
    answers = [
        post(web, way, each)
        for each in (request, f"{signature}=.{payload}")
        for way in ("deletion", "deletion/")
    ]

    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert count(db_rows, "whatsapp_deletions") == 1


def test_a_deletion_that_is_repeated_changes_nothing_of_who_connected_again(
    web, connected, finish, jobs, db_rows
):
    request = signed()
    told = post(web, "deletion", request).json()
    finish()
    jobs()

    assert (post(web, "deletion", request).json(), status()) == (told, ("live", ""))
    with operator_scope():
        assert Signup.objects.filter(granted_by=PERSON).count() == 1


def test_deletions_asked_for_at_once_are_one(web, connected, db_rows):
    request = signed()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(web, "deletion", request), range(8)))

    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert count(db_rows, "whatsapp_deletions") == 1


def test_another_day_and_another_person_are_other_deletions(web, connected, db_rows):
    now = int(time.time())
    asked = [
        signed(issued_at=now),
        signed(issued_at=now - 24 * 3600),
        signed(user_id="7", issued_at=now),
    ]
    codes = {post(web, "deletion", each).json()["confirmation_code"] for each in asked}

    assert (len(codes), count(db_rows, "whatsapp_deletions")) == (3, 3)


def test_an_old_deletion_that_comes_for_the_first_time_is_done(web, connected, db_rows):
    assert post(web, "deletion", signed(issued_at=1790000000)).status_code == 200
    with operator_scope():
        assert Signup.objects.filter(granted_by=PERSON).count() == 0
    kept = str(db_rows.execute("SELECT to_jsonb(t) FROM messaging.whatsapp_deletions t").fetchall())
    assert (PERSON in kept, "1790000000" in kept) == (False, False)


@pytest.mark.parametrize("user_id", ["", "\x00", "\ud800", {"a": 1}, 7, None, "9" * 5000])
def test_no_user_id_breaks_a_callback(web, connected, user_id):
    assert [
        post(web, way, signed(user_id=user_id)).status_code for way in ("deauthorize", "deletion")
    ] == [200, 200]
    assert status() == ("live", "")


def test_only_a_post_counts(web, connected):
    assert [
        requests.get(f"{web}{PAGE}{way}", timeout=10).status_code
        for way in ("deauthorize", "deletion")
    ] == [405, 405]
