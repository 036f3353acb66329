"""Strangers stop nothing: whatever they do to the web process alone, with no proxy, webhooks are
answered within a second.
"""

import itertools
import re
import time

import pytest
import requests

from tests.chaos.length import IS_LONG
from tests.chaos.meta import body_of, post
from tests.chaos.server import run_command
from tests.chaos.strangers import BEGINNINGS, Crowd, Strangers
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

SECONDS = 120 if IS_LONG else 5
SLOW_CLIENTS, GUESSING_CLIENTS, CONNECT_CALLS = 300, 24, 20
ANSWERED_WITHIN_SECONDS = 1.0
OLD = time.time() - 14 * 24 * 3600  # stored, and too old to be answered
META_APP = {
    "META_APP_ID": "700000000000001",
    "META_APP_SECRET": "meta-app-secret-of-the-tests",
    "META_CONFIG_ID": "8",
}
PASSWORD = "correct horse battery"
STORED = "SELECT count(*) FROM messaging.webhook_deliveries"


def webhooks_meanwhile(stage, web, say) -> None:
    """Ten a second; each is stored and answered in time."""
    answers, end = [], time.monotonic() + SECONDS
    for number in itertools.count():
        if time.monotonic() > end:
            break
        answers.append(
            post(
                web.url,
                body_of(bodies.text("meanwhile", wamid=f"wamid.meanwhile-{number}", at=OLD)),
            )
        )
        time.sleep(0.1)
    slowest = max(each.seconds for each in answers)
    say(f"{len(answers)} webhooks, the slowest answered after {slowest:.3f} s")

    assert {each.status for each in answers} == {200}
    assert slowest < ANSWERED_WITHIN_SECONDS
    assert stage.rows(STORED) == [(len(answers),)]


@pytest.mark.parametrize("are_many", [False, True], ids=["from one address", "from many addresses"])
@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_slow_clients_keep_no_webhook_waiting(stage, say, beginning, are_many):
    web = stage.web()
    strangers = Strangers(web.port, beginning, count=SLOW_CLIENTS, are_many=are_many)
    stage.ending.callback(strangers.stop)
    assert eventually(lambda: strangers.opened >= SLOW_CLIENTS)

    webhooks_meanwhile(stage, web, say)
    assert web.is_healthy()


def token_in(session: requests.Session, address: str) -> dict[str, str]:
    page = session.get(address, timeout=30).text
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return {"csrfmiddlewaretoken": found[1]} if found else {}


@pytest.mark.parametrize("address", ["/staff/login/", "/admin/login/"])
def test_guessed_passwords_keep_no_webhook_waiting(stage, say, address):
    web = stage.web()

    def guessing(number):
        session, guesses = requests.Session(), itertools.count()

        def guess():
            form = token_in(session, f"{web.url}{address}")
            told = form | {"username": f"somebody-{number}-{next(guesses)}", "password": "guess"}
            return session.post(
                f"{web.url}{address}", data=told, headers={"Referer": web.url}, timeout=30
            ).status_code

        return guess

    crowd = Crowd([guessing(number) for number in range(GUESSING_CLIENTS)])
    stage.ending.callback(crowd.stop)
    assert eventually(lambda: len(crowd.answers) >= GUESSING_CLIENTS)

    seen = len(crowd.answers)
    webhooks_meanwhile(stage, web, say)
    assert len(crowd.answers) > seen


def test_connect_calls_against_a_silent_graph_keep_no_webhook_waiting(stage, say):
    proxy = stage.before_graph()
    web = stage.web(SEND_TIMEOUT_SECONDS="10", UNKNOWN_AFTER_SECONDS="20", **META_APP)
    run_command(stage.settings | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}, *CREATE_ADA)
    run_command(
        stage.settings, "add_member", "--tenant", "acme", "--user", "ada", "--role", "owner"
    )
    ada = requests.Session()
    told = {**token_in(ada, f"{web.url}/staff/login/"), "username": "ada", "password": PASSWORD}
    assert (
        ada.post(
            f"{web.url}/staff/login/", data=told, headers={"Referer": web.url}, timeout=30
        ).status_code
        == 200
    )
    proxy.stall()

    def connect():
        session = requests.Session()
        session.cookies.update(ada.cookies)
        page = f"{web.url}/connect/whatsapp/"
        state = session.get(f"{page}state/", timeout=60)
        if state.status_code != 200:
            return state.status_code
        given = {"state": state.json()["state"], "code": "code", "event": "FINISH", "data": {}}
        headers = {"X-CSRFToken": session.cookies["csrftoken"], "Referer": page}
        return session.post(f"{page}finish/", json=given, headers=headers, timeout=60).status_code

    crowd = Crowd([connect] * CONNECT_CALLS)
    stage.ending.callback(proxy.flow)
    stage.ending.callback(crowd.stop)
    assert eventually(lambda: 503 in crowd.answers)

    webhooks_meanwhile(stage, web, say)
    assert proxy.kept_back > 0
    assert set(crowd.answers) <= {200, 503}
    assert ada.get(f"{web.url}/connect/whatsapp/", timeout=10).status_code == 200


CREATE_ADA = ("createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.com")
