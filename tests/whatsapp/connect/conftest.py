"""Ada owns Acme, signs in, and has a WhatsApp account with a fresh number at Meta, whose side the
stand-in plays.
"""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels_app import tasks
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.tenants.test_members import employ, sign_in
from whatsapp.stand_in.business import Business, OwnedAccount

APP_ID, APP_SECRET = "700000000000001", "meta-app-secret-of-the-tests"
PAGE = "/connect/whatsapp/"


@pytest.fixture
def meta(graph: Any, settings: Any, web: str) -> Business:
    """The business at Meta; our app is set up for it."""
    settings.META_APP_ID, settings.META_APP_SECRET, settings.META_CONFIG_ID = (
        APP_ID,
        APP_SECRET,
        "800000000000001",
    )
    settings.META_DIALOG_URL, settings.META_SDK_URL = graph.url, f"{graph.url}/en_US/sdk.js"
    settings.META_REDIRECT_URI = f"{web}{PAGE}callback"
    graph.business.client_id, graph.business.client_secret, graph.business.requires_proof = (
        APP_ID,
        APP_SECRET,
        True,
    )
    return graph.business


@pytest.fixture
def account(meta: Business) -> OwnedAccount:
    return meta.open_account(
        ACME_ACCOUNT, {"id": ACME_NUMBER, "display_phone_number": "+46 70 000 00 00"}, name="Acme"
    )


@pytest.fixture
def ada(web: str, acme: Any) -> requests.Session:
    """Her browser, signed in."""
    employ("ada", acme, "owner")
    session, _ = sign_in(web, "ada")
    return session


def csrf(session: requests.Session, web: str) -> dict[str, str]:
    page = session.get(f"{web}{PAGE}", timeout=10).text
    return {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]}


def state_of(session: requests.Session, web: str, tenant: str = "") -> str:
    """What the page fetches when Meta's script has brought it a code."""
    return session.get(f"{web}{PAGE}state/", params={"tenant": tenant}, timeout=10).json()["state"]


Finish = Callable[..., requests.Response]


@pytest.fixture
def finish(web: str, ada: requests.Session, meta: Business) -> Finish:
    """The script hands a code over: finish(), or any of state, code, event, data, session."""

    def finish(session: requests.Session = ada, **told: Any) -> requests.Response:
        given = {
            "state": state_of(session, web),
            "code": meta.give_code(),
            "event": "FINISH",
            "data": meta.told(),
        } | told
        headers = {
            "X-CSRFToken": csrf(session, web)["csrfmiddlewaretoken"],
            "Referer": f"{web}{PAGE}",
        }
        return session.post(f"{web}{PAGE}finish/", json=given, headers=headers, timeout=10)

    return finish


def steps(session: requests.Session, web: str, answer: requests.Response) -> list[tuple[str, str]]:
    """(step, state) of the signup that an answer names."""
    address = answer.json()["address"] if answer.request.method == "POST" else answer.url
    (signup,) = parse_qs(urlsplit(address).query)["signup"]
    told = session.get(f"{web}{PAGE}{signup}/steps/", timeout=10).json()
    return [(each["name"], each["state"]) for each in told["steps"]]


@pytest.fixture
def connected(ada, account, meta, finish, jobs) -> Channel:
    finish()
    jobs()
    return channel()


def channel() -> Channel:
    """The only one that is not disconnected."""
    with operator_scope():
        return Channel.objects.exclude(status="disconnected").get()


def check(jobs) -> tuple[str, str]:
    """Have it checked: its status, and what its health says of the check."""
    with operator_scope():
        tasks.check_soon(Channel.objects.all())
    jobs()
    return channel().status, channel().health.get("check", {}).get("value", "")


def notes(answer: requests.Response) -> list[str]:
    """What the page says of what was just done, above its numbers."""
    head = answer.text.partition("<h2>Numbers</h2>")[0]
    return [html.unescape(each) for each in re.findall(r'<p class="note"[^>]*>(.*?)</p>', head)]
