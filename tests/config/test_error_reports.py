"""Sentry is told what the log tells, by an address of its own: a stand-in takes what is sent."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.development_database import PROJECT
from tests.support.processes import environment
from tests.support.sentry import Sentry
from tests.support.starting import CANARY, refuses, values

PROGRAM = """
import django; django.setup()
import logging, threading
from django.test import RequestFactory
from django.core.handlers.wsgi import WSGIHandler

canary = "canary" + " of a text, +46700000001, EAAGm0PX4ZCpsBA9ZBZCq0ZD"
logger = logging.getLogger("messaging.x")

def fail(text):
    local = {"token": text}
    raise ValueError(text)

logger.info(canary)
logger.warning(canary)
try:
    fail(canary)
except ValueError as error:
    error.add_note(canary)
    logger.exception("Message %s failed.", "01a204db-d4b2-7652-861f-d79f213b8342")
logging.getLogger("botocore.auth").error("Sent %s", canary)
logging.getLogger("django.security.DisallowedHost").error("Invalid host " + canary)
request = RequestFactory().post("/x", canary, content_type="text/plain", HTTP_AUTHORIZATION=canary)
told = "Internal Server Error: %s"
logging.getLogger("django.request").error(told, "/x", extra={"request": request})
thread = threading.Thread(target=fail, args=[canary]); thread.start(); thread.join()
fail(canary)
"""


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    server = Sentry()
    yield server
    server.stop()


def test_sentry_is_told_types_places_and_ids_and_no_value(sentry):
    values = environment("nowhere", SENTRY_DSN=sentry.dsn, DJANGO_SETTINGS_MODULE="config.settings")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, env=values, capture_output=True, timeout=60
    )
    events = sentry.events()

    assert done.returncode == 1
    assert [body for body in sentry.taken if CANARY.encode() in body] == []
    assert [body for body in sentry.taken if b"46700000001" in body or b"EAAG" in body] == []
    told = [
        (
            event.get("logentry", {}).get("message", "").split(":")[0],
            [each["type"] for each in event.get("exception", {}).get("values", [])],
        )
        for event in events
    ]
    assert sorted(told) == [
        ("", ["ValueError"]),
        ("", ["ValueError"]),
        ("Internal Server Error", []),
        ("Message 01a204db-d4b2-7652-861f-d79f213b8342 failed.", ["ValueError"]),
        ("a line at <string>", []),
    ]
    frames = [
        frame
        for event in events
        for each in event.get("exception", {}).get("values", [])
        for frame in each["stacktrace"]["frames"]
    ]
    assert {frame["function"] for frame in frames} >= {"fail", "<module>"}
    assert {name for frame in frames for name in frame} <= {
        *("filename", "lineno", "function", "module", "in_app"),
    }


def test_without_an_address_nothing_of_sentrys_is_loaded():
    program = "import sys, django; django.setup(); print([n for n in sys.modules if 'sentry' in n])"
    values = environment("nowhere", DJANGO_SETTINGS_MODULE="config.settings")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=values, capture_output=True, timeout=60
    )
    assert (done.stdout.decode().strip(), done.returncode) == ("[]", 0)


@pytest.mark.parametrize(
    "dsn",
    [
        "https://sentry.example.org/1",
        f"https://{CANARY}@sentry.example.org/project",
        f"{CANARY}@sentry.example.org/1",
        f"https://{CANARY}@sentry.example.org:x/1",
    ],
)
def test_what_is_no_address_of_sentrys_is_refused(dsn):
    assert refuses(SENTRY_DSN=dsn) == [
        "SENTRY_DSN is not a Sentry address: copy it from the project's Client Keys."
    ]


def test_an_address_of_sentrys_is_taken():
    dsn = "https://0123abcd@o1.ingest.sentry.io/4501"
    assert values("SENTRY_DSN", SENTRY_DSN=dsn) == [dsn]
