"""What an earlier release left of WhatsApp in the queue and in browsers is understood."""

import inspect
from uuid import UUID

import pytest
from django.core import signing
from procrastinate.contrib.django import app

from whatsapp.onboarding import oauth_state

pytestmark = pytest.mark.whatsapp

WAITING = {
    "whatsapp.tasks.forget_tokens": ("upkeep", ["timestamp"]),
    "whatsapp.tasks.proceed": ("connect", ["tenant_id", "signup_id"]),
}
KEY = "a-key-of-an-earlier-release-of-ours"
MADE_AT = 1_780_000_000
STATE = (
    "eyJ0ZW5hbnQiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJzZXNzaW9uIjoiMjNhYjNlNDMwMjBj"
    "MGE4M2NkOWYzMjQ1ODNkMDFmZjU2YWY2OTZjOTZlNDljNDk1NDgwYWZmMWVjOWMzMjQ1ZSIsIm5vbmNlIjoibm9uY2UifQ:1"
    "wShJQ:H4hOpK8UNITQRUSbG-LmU-a2LHCsJw6iLK9RrTiyOjA"
)


@pytest.mark.parametrize("name", WAITING)
def test_a_task_that_waits_is_found_and_takes_its_arguments(name):
    queue, arguments = WAITING[name]

    assert app.tasks[name].queue == queue
    inspect.signature(app.tasks[name].func).bind(**dict.fromkeys(arguments, "1"))


def test_every_task_of_this_release_is_listed():
    assert {name for name in app.tasks if name.startswith("whatsapp")} == set(WAITING)


def test_the_state_of_somebody_who_is_at_metas_dialog_is_read(settings, monkeypatch):
    settings.SECRET_KEY = KEY
    monkeypatch.setattr(signing.time, "time", lambda: MADE_AT + 60.0)

    assert oauth_state.read(STATE, "session-of-ada") == oauth_state.State(UUID(int=1), "nonce")
