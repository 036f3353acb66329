"""What people and Meta ask of the pages and the back-office in hardened mode: a number is connected
and taken back, somebody is invited, and a forgotten password is replaced.
"""

import re
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from tests.support import database
from tests.support.cast import ACME_NUMBER
from tests.support.forms import post
from tests.support.invitations import Browser, make_account
from tests.support.members import Person, sign_in
from tests.support.processes import eventually
from tests.support.whatsapp.connect_page import PAGE, csrf, state_of, steps
from tests.support.whatsapp.signed_requests import signed
from tests.tenants.hardened.running import Site
from tests.tenants.hardened.stage import Hardened

pytestmark = pytest.mark.whatsapp

SECONDS = 60
NEW = "a long and odd password"


def mail_to(site: Site, address: str) -> str:
    """The link of the newest mail to this address, at the pages' process."""

    def found() -> list[str]:
        files = sorted(site.mails.glob("*")) if site.mails.is_dir() else []
        parsed = [message_from_bytes(each.read_bytes(), policy=default) for each in files]
        return [each.get_content() for each in parsed if each["To"] == address]  # type: ignore[attr-defined]

    assert eventually(lambda: bool(found()), SECONDS)
    path = re.search(r"http://127\.0\.0\.1:8000(/staff/\S+)", found()[-1])
    assert path
    return site.url("pages") + path[1]


def test_an_owner_invites_somebody_who_makes_an_account(site):
    mia = Person(site.url("pages"), "mia")

    invited = mia.post("acme/members/invite/", email="grace@acme.example", role="agent")
    home = make_account(mail_to(site, "grace@acme.example"))

    assert (invited.status_code, home.status_code) == (200, 200)
    assert "grace" in mia.get("acme/members/").text


def test_who_forgot_the_password_chooses_a_new_one_with_the_mailed_link(site):
    pages = site.url("pages")
    browser = Browser()

    browser.fill(browser.open(f"{pages}/staff/password/forgotten/"), email="noah@acme.example")
    page = browser.open(mail_to(site, "noah@acme.example"))
    browser.fill(page, new_password1=NEW, new_password2=NEW)

    assert sign_in(pages, "noah")[1].url.startswith(f"{pages}/staff/login/")
    session = requests.Session()
    home = post(session, f"{pages}/staff/login/?next=/staff/", username="noah", password=NEW)
    assert home.url == f"{pages}/staff/"


def test_a_number_is_connected_at_the_page_and_taken_back_at_meta(site, stage):
    pages, meta = site.url("pages"), site.graph.business
    mia, _ = sign_in(pages, "mia")
    told = {"code": meta.give_code(), "event": "FINISH", "data": meta.told()}
    headers = {
        "X-CSRFToken": csrf(mia, pages)["csrfmiddlewaretoken"],
        "Referer": f"{pages}{PAGE}",
    }
    given = {"state": state_of(mia, pages), **told}
    answer = mia.post(f"{pages}{PAGE}finish/", json=given, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    states = lambda: {state for _, state in steps(mia, pages, answer)}  # noqa: E731
    assert eventually(lambda: states() == {"done"}, SECONDS), states()

    back_office, by_meta = site.url("back-office"), {"signed_request": signed()}
    removed = requests.post(f"{back_office}{PAGE}deauthorize", data=by_meta, timeout=30)
    assert (removed.status_code, status_of(stage)) == (200, "needs_reauth")

    asked = requests.post(f"{back_office}{PAGE}deletion", data=by_meta, timeout=30)
    told_of = urlsplit(asked.json()["url"]).path
    page = requests.get(f"{back_office}{told_of}", timeout=30)
    assert (asked.status_code, page.status_code) == (200, 200)


def status_of(stage: Hardened) -> str:
    """Of the number at Meta, not of a test channel."""
    with psycopg.connect(database.superuser_url(stage.name)) as rows:
        query = "SELECT status FROM messaging.channels WHERE external_id = %s"
        ((status,),) = rows.execute(query, [ACME_NUMBER]).fetchall()
    return str(status)
