"""The settings of metrics and logs: what is taken, and the sentence about what is not."""

import pytest

from tests.support.starting import CANARY, refuses, values


@pytest.mark.parametrize(
    "token", ["short", "x" * 15, "with-an-umlaut-ä-in-it", "of two\x7flines-of-it"]
)
def test_a_token_that_could_be_guessed_or_not_be_sent_is_refused(token):
    assert refuses(METRICS_TOKEN=token) == [
        "METRICS_TOKEN is too short or not ASCII: use at least 16 random letters and digits."
    ]


@pytest.mark.parametrize("port", ["-1", "65536", "web", "9101.5"])
def test_what_is_no_port_is_refused(port):
    assert refuses(METRICS_PORT=port, METRICS_TOKEN=CANARY * 3) == [
        f"METRICS_PORT is {port!r}: it must be a number from 1 to 65535."
    ]


def test_a_port_without_a_token_is_refused():
    assert refuses(METRICS_PORT="9101") == [
        "METRICS_PORT is set without METRICS_TOKEN: nobody could read the metrics."
    ]


def test_a_form_of_logs_that_is_not_known_is_refused():
    assert refuses(LOG_FORMAT="xml") == ["LOG_FORMAT must be LINES or JSON."]


def test_nothing_of_it_is_on_by_itself():
    found = values("METRICS_TOKEN", "METRICS_PORT", "SENTRY_DSN")
    assert found == ["", 0, ""]


def test_what_is_right_is_taken():
    told = {"METRICS_TOKEN": "0123456789abcdef", "METRICS_PORT": "9101"}
    assert values(*told, **told) == ["0123456789abcdef", 9101]
