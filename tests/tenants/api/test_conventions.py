"""What every request of the API can rely on: how faults look, how bodies are read, what each answer
carries.
"""

import io
import json
import logging
import re
import uuid

import pytest
import requests

from tests.support.api import Caller, faults_of

MEMBERS = {"type", "title", "status", "detail", "code", "errors", "request_id"}
PROBLEM = "application/problem+json"


def test_a_fault_is_problem_details_with_the_id_of_its_request(acmes):
    response = acmes.get("messages/00000000-0000-0000-0000-000000000000")

    assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here, or it is not yours.",
        "code": "not_found",
        "errors": [],
        "request_id": response.headers["X-Request-Id"],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothing", 404, "not_found"),
        ("GET", "", 404, "not_found"),
        ("POST", "messages/", 404, "not_found"),
        ("GET", "messages/not-an-id", 404, "not_found"),
        ("GET", "messages/%00", 404, "not_found"),
        ("DELETE", "messages", 405, "method_not_allowed"),
        ("OPTIONS", "messages", 405, "method_not_allowed"),
        ("NONSENSE", "messages", 405, "method_not_allowed"),
        ("POST", "messages", 415, "unsupported_media_type"),
    ],
)
def test_every_refusal_is_a_problem(acmes, method, path, status, code):
    headers = {"Content-Type": "text/xml"} if status == 415 else {}
    response = acmes.call(method, path, data=b"<x/>" if headers else None, headers=headers)

    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    assert (response.json()["code"], set(response.json())) == (code, MEMBERS)


def test_what_the_client_has_already_is_not_sent_again(acmes):
    first = acmes.get("auto-reply")
    known = {"If-None-Match": first.headers["ETag"]}
    again = acmes.call("GET", "auto-reply", headers=known)
    acmes.call("PUT", "auto-reply", json={"auto_reply": "Soon."})
    changed = acmes.call("GET", "auto-reply", headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (
        first.headers["ETag"],
        "private, no-cache",
    )
    assert "RateLimit" in again.headers
    assert (changed.status_code, changed.json()["auto_reply"]) == (200, "Soon.")


def test_a_refusal_and_an_order_are_stored_by_nobody(acmes):
    refused, ordered = acmes.get("messages/nothing"), acmes.call("POST", "messages", json={})

    assert [each.headers["Cache-Control"] for each in (refused, ordered)] == ["no-store"] * 2


def test_head_is_answered_as_get_without_a_body(acmes):
    response = acmes.call("HEAD", "channels")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not JSON"),
        (b"\xff\xfe", "The body is not UTF-8."),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1e999}', "a number that is too large"),
        (b'{"a": "\\u0000"}', "a character that cannot be stored"),
        (b'{"a": {"\\ud800": 1}}', "a character that cannot be stored"),
        (b"[" * 40 + b"]" * 40, "nests more than 32"),
        (b"[" * 100_000 + b"]" * 100_000, "nests more than 32"),
        (b'{"a": ' + b"9" * 5000 + b"}", "The body is not JSON"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(acmes, body, sentence):
    response = acmes.call(
        "POST", "messages", data=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert sentence in response.json()["detail"]


@pytest.mark.parametrize("body", [[], "text", 3, None, True])
def test_a_body_that_is_no_object_is_refused(acmes, body):
    response = acmes.call(
        "POST",
        "messages",
        data=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )

    assert (response.status_code, faults_of(response)) == (
        422,
        [("", "The body must be a JSON object.")],
    )


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("limit=0", ("limit", "Ensure this value is greater than or equal to 1.")),
        ("limit=101", ("limit", "Ensure this value is less than or equal to 100.")),
        ("limit=ten", ("limit", "A valid integer is required.")),
        ("colour=red", ("colour", "There is no such parameter.")),
        ("limit=1&limit=2", ("limit", "The parameter is given more than once.")),
        ("after=nonsense", ("after", "The cursor is not one of this API's.")),
        ("after=%00", ("after", "Null characters are not allowed.")),
    ],
)
def test_a_wrong_parameter_is_named(acmes, query, fault):
    response = acmes.get(f"channels?{query}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
    assert faults_of(response) == [fault]


def test_each_answer_has_an_id_that_its_log_lines_carry(acmes):
    given = f"proxy-{uuid.uuid4()}"
    handlers = logging.getLogger("django").handlers
    (handler,) = [each for each in handlers if type(each) is logging.StreamHandler]
    before = handler.setStream(log := io.StringIO())

    own, proxys, odd = (
        acmes.call("GET", "nothing", headers=headers).headers["X-Request-Id"]
        for headers in ({}, {"X-Request-Id": given}, {"X-Request-Id": "a b\tc"})
    )

    assert re.fullmatch("[0-9a-f-]{36}", own)
    assert (proxys, odd == "a b\tc") == (given, False)
    handler.setStream(before)
    lines = [line for line in log.getvalue().splitlines() if "Not Found" in line]
    assert [re.search(r"Not Found: /api/v1/nothing \[(\S+)\]$", line)[1] for line in lines] == [
        own,
        given,
        odd,
    ]


def test_a_failure_that_nobody_foresaw_is_logged_and_answered_as_a_problem(acmes, db_rows, caplog):
    db_rows.execute("ALTER TABLE messaging.channels RENAME COLUMN name TO renamed")
    try:
        with caplog.at_level(logging.ERROR):
            response = acmes.get("channels")
    finally:
        db_rows.execute("ALTER TABLE messaging.channels RENAME COLUMN renamed TO name")

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    (line,) = [each.getMessage() for each in caplog.records if each.name == "tenants.api.problems"]
    assert line.startswith("A request of the API failed (42703 at ")
    assert "column" not in response.text


def test_a_locked_row_is_answered_with_try_again(acmes, acme_channel_locked):
    response = acmes.patch(f"channels/{acme_channel_locked}", {"name": "New"})

    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert response.headers["Retry-After"] == "1"


def test_the_description_and_its_pages_are_open_to_everybody(web, db_rows):
    schema = requests.get(
        f"{web}/api/v1/schema/", headers={"Accept": "application/json"}, timeout=9
    )
    pages = requests.get(f"{web}/api/v1/docs/", timeout=9)

    assert (schema.status_code, schema.json()["openapi"]) == (200, "3.1.1")
    assert all(path.startswith("/api/v1/") for path in schema.json()["paths"])
    assert (pages.status_code, "api_docs.js" in pages.text) == (200, True)
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', pages.text):
        assert requests.get(web + address, timeout=9).status_code == 200


def test_no_session_signs_in_to_the_api(web, acme):
    caller = Caller(web, "")
    caller.session.headers.pop("Authorization")
    caller.session.cookies.set("sessionid", "x" * 32)

    assert caller.get("channels").json()["code"] == "no_key"
