"""Whatever a browser, a stranger or Meta writes into a request of these pages, it is refused or
kept, and never breaks one.
"""

import json

import pytest
import requests

from tests.support.whatsapp.connect_page import PAGE, csrf, state_of

pytestmark = pytest.mark.whatsapp

ODD = [
    "\x00",
    "a\x00b:c:d",
    "\ud800:a:b",
    "ä:ö:ü",
    "’" * 70_000,
    "::",
    "null",
    "🙂",
    "{}",
    "%00",
    "../..",
    "'\"<b>",
]
NO_ID = "00000000-0000-0000-0000-000000000000"


def headers(session: requests.Session, web: str) -> dict[str, str]:
    return {"X-CSRFToken": csrf(session, web)["csrfmiddlewaretoken"], "Referer": f"{web}{PAGE}"}


def posted(session: requests.Session, web: str, body: str | bytes) -> int:
    return session.post(
        f"{web}{PAGE}finish/", data=body, headers=headers(session, web), timeout=10
    ).status_code


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd[:12]))
def test_an_odd_state_is_refused(web, ada, odd):
    assert posted(ada, web, json.dumps({"state": odd, "code": "x"})) == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 200_000,
        b"\xff",
        b"1" * 5_000,
        b"[]",
        b"null",
        b'"x"',
        b'{"state": {}}',
        b'{"data": []}',
    ],
    ids=lambda b: ascii(b[:20]),
)
def test_a_body_that_is_no_request_is_refused(web, ada, body):
    assert posted(ada, web, body) in (400, 403)


def test_a_form_with_its_token_is_no_request_either(web, ada):
    fields = {name: (None, value) for name, value in csrf(ada, web).items()}
    address = f"{web}{PAGE}finish/"
    answer = ada.post(address, files=fields, headers={"Referer": address}, timeout=10)

    assert answer.status_code == 400


@pytest.mark.parametrize("odd", ODD[:5], ids=lambda odd: ascii(odd[:12]))
@pytest.mark.parametrize("name", ["waba_id", "phone_number_id", "code", "event"])
def test_odd_hints_and_codes_fail_in_their_step(web, ada, account, meta, jobs, db_rows, name, odd):
    outcome = "connected" if name == "event" else "failed"
    told = {
        "state": state_of(ada, web),
        "code": meta.give_code(),
        "event": "FINISH",
        "data": meta.told(),
    }
    told["data" if name.endswith("_id") else name] = {name: odd} if name.endswith("_id") else odd
    assert posted(ada, web, json.dumps(told)) == 200
    jobs()
    assert [
        status for (status,) in db_rows.execute("SELECT status FROM messaging.whatsapp_signups")
    ] == [outcome]


@pytest.mark.parametrize(
    "odd", ["\x00", "a\x00b", "ä", "x" * 5000], ids=lambda odd: ascii(odd[:12])
)
@pytest.mark.parametrize("name", ["error_description", "error_reason"])
def test_odd_words_on_the_way_back_from_meta_end_the_signup(
    web, ada, account, meta, db_rows, name, odd
):
    answer = ada.get(
        f"{web}{PAGE}callback", params={"state": state_of(ada, web), name: odd}, timeout=10
    )
    told = [
        status for (status,) in db_rows.execute("SELECT status FROM messaging.whatsapp_signups")
    ]
    assert (answer.status_code, told) == (200, ["cancelled"])


@pytest.mark.parametrize(
    "odd", [each for each in ODD if len(each) < 100 and "\ud800" not in each], ids=ascii
)
def test_odd_queries_never_break_a_page(web, ada, account, odd):
    statuses = [
        ada.get(f"{web}{PAGE}", params={"tenant": odd}, timeout=10).status_code,
        ada.get(f"{web}{PAGE}", params={"signup": odd}, timeout=10).status_code,
        ada.get(f"{web}{PAGE}state/", params={"tenant": odd}, timeout=10).status_code,
        ada.get(f"{web}{PAGE}callback", params={"state": odd}, timeout=10).status_code,
        ada.post(
            f"{web}{PAGE}begin/",
            data={"tenant": odd, **csrf(ada, web)},
            headers=headers(ada, web),
            timeout=10,
        ).status_code,
        ada.post(
            f"{web}{PAGE}{NO_ID}/again/",
            data={"pin": odd, **csrf(ada, web)},
            headers=headers(ada, web),
            timeout=10,
        ).status_code,
        requests.get(f"{web}{PAGE}", params={"tenant": odd}, timeout=10).status_code,
        requests.get(f"{web}/staff/login/", params={"next": odd}, timeout=10).status_code,
        requests.post(
            f"{web}{PAGE}deauthorize", data={"signed_request": odd}, timeout=10
        ).status_code,
        requests.post(f"{web}{PAGE}deletion", data={"signed_request": odd}, timeout=10).status_code,
    ]
    assert [each for each in statuses if each >= 500] == []


@pytest.mark.parametrize("code", ["%00", "a%00b", "%ff", "x" * 3000, "%F0%9F%99%82"])
def test_an_odd_code_of_a_deletion_is_not_there(web, db_rows, code):
    assert requests.get(f"{web}{PAGE}deletion/{code}/", timeout=10).status_code == 404


@pytest.mark.parametrize(
    "cookie", ['"\\000aaaaaaaaaaaa"', '"\\355\\240\\200aaaaaaaa"', "a" * 4000, "'; drop table--"]
)
def test_an_odd_session_is_none(web, db_rows, cookie):
    ways = {PAGE: 302, "/staff/": 302, "/admin/": 302}
    asked = {"headers": {"Cookie": f"sessionid={cookie}"}, "allow_redirects": False}

    assert {
        way: requests.get(f"{web}{way}", timeout=10, **asked).status_code for way in ways
    } == ways
