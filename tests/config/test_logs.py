"""The log: an exception is told by its type and by where it came from, never by what it holds."""

import logging
import re

import pytest

from config.logs import Lines, WithoutSecretsOfPaths, WithoutTracebackOfRefusals
from tenants.origins import origin_of
from tests.config import failing


def record_of(error: Exception, **more: object) -> logging.LogRecord:
    record = logging.LogRecord(
        "messaging.x",
        logging.ERROR,
        "x.py",
        1,
        "It failed.",
        (),
        (type(error), error, error.__traceback__),
    )
    record.__dict__.update(more)
    return record


def raised(function: object, *arguments: object) -> Exception:
    try:
        function(*arguments)  # type: ignore[operator]
    except Exception as error:
        return error
    raise AssertionError("It did not fail.")


def test_an_exception_is_a_line_with_its_type_and_its_places_and_none_of_its_words():
    error = raised(failing.outer, "secret number 4670000001")
    line = Lines("{message}", style="{").format(record_of(error))

    assert "secret number" in str(error)
    places = (
        r"tests/config/failing\.py:\d+ inner < tests/config/failing\.py:\d+ outer <"
        r" tests/config/test_logs\.py:\d+ raised"
    )
    assert re.fullmatch(rf"It failed\.\n  ValueError at {places}", line) is not None


def test_a_librarys_exception_tells_where_in_the_library_and_where_of_ours():
    origin = origin_of(raised(failing.in_a_library))

    assert (
        re.fullmatch(
            r"json/decoder\.py:\d+ raw_decode < tests/config/failing\.py:\d+ in_a_library < .*",
            origin,
        )
        is not None
    )


def test_an_exception_that_was_never_raised_has_no_place():
    assert origin_of(ValueError("x")) == "an unknown place"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (
            "/staff/invitation/eyJhIjoxfQ:1vQk3x:abcdefghijklmnopqrstuvwxyz012345/",
            "/staff/invitation/…/",
        ),
        (
            "/staff/password/choose/MDFhMjA0ZGItZDRiMi03NjUy/c8x2ab-0123456789abcdef0123/",
            "/staff/password/choose/…/…/",
        ),
        (
            "/admin/messaging/message/01a204db-d4b2-7652-861f-d79f213b8342/change/",
            "/admin/messaging/message/01a204db-d4b2-7652-861f-d79f213b8342/change/",
        ),
        ("/api/webhooks/whatsapp", "/api/webhooks/whatsapp"),
    ],
)
def test_a_request_is_told_by_its_path_without_what_is_secret_in_it(path, written):
    record = logging.LogRecord(
        "django.request", logging.WARNING, "x.py", 1, "%s: %s", ("Not Found", path), None
    )
    record.request = None

    assert (WithoutSecretsOfPaths().filter(record), record.getMessage()) == (
        True,
        f"Not Found: {written}",
    )


def test_what_gunicorn_tells_of_a_request_has_no_words_of_its_path():
    path = "/admin/messaging/message/a%20wish%20of%20hers/change/"
    record = logging.LogRecord(
        "gunicorn.error", logging.DEBUG, "x.py", 1, "%s %s", ("GET", path), None
    )

    assert WithoutSecretsOfPaths().filter(record) is True
    assert record.getMessage() == "GET /admin/messaging/message/…/change/"


def test_a_refusal_has_no_traceback_and_a_fault_has_one():
    error = raised(failing.outer, "x")
    refusal, fault = record_of(error, status_code=403), record_of(error, status_code=500)

    assert [WithoutTracebackOfRefusals().filter(each) for each in (refusal, fault)] == [True, True]
    assert (refusal.exc_info, bool(fault.exc_info)) == (None, True)
