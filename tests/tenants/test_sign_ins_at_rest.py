"""What the database holds of who signs in: no cookie that opens a session, and nothing of what was
typed beside the name.
"""

import pytest
import requests

from tests.support.dump import dump, holding
from tests.support.invitations import Browser
from tests.support.members import employ, sign_in

OLD, GUESS, NEW = "correct horse", "guessed horse", "another long password"
HASHED = "SELECT session_key FROM messaging.django_session"
TYPED = "SELECT username, get_data, post_data FROM messaging.axes_accessattempt"


@pytest.fixture
def browser(web, acme) -> Browser:
    """Ada's, where she is signed in."""
    employ("ada", acme, "owner")
    browser = Browser()
    browser.session, _ = sign_in(web, "ada")
    return browser


def is_in(web: str, cookie: str) -> bool:
    page = requests.get(f"{web}/staff/", cookies={"sessionid": cookie}, timeout=10)
    return page.url == f"{web}/staff/"


def test_a_dump_opens_no_session(web, browser, db_rows):
    cookie = browser.session.cookies["sessionid"]
    ((stored,),) = db_rows.execute(HASHED).fetchall()

    assert holding(dump(db_rows), cookie) == {}
    assert (is_in(web, cookie), is_in(web, stored)) == (True, False)


def test_a_session_that_is_signed_out_is_gone(web, browser, db_rows):
    cookie = browser.session.cookies["sessionid"]
    form = {"csrfmiddlewaretoken": browser.session.cookies["csrftoken"]}
    headers = {"Referer": f"{web}/staff/"}
    browser.session.post(f"{web}/staff/logout/", data=form, headers=headers, timeout=10)

    assert is_in(web, cookie) is False
    assert db_rows.execute(HASHED).fetchall() == []


@pytest.mark.parametrize("where", ["the sign-in", "the change of a password"])
def test_of_a_failure_the_name_alone_is_kept(web, browser, db_rows, where):
    if where == "the sign-in":
        stranger = Browser()
        page = stranger.open(f"{web}/staff/login/?next=/staff/{GUESS}")
        stranger.fill(page, username="ada", password=GUESS)
    else:
        page = browser.open(f"{web}/staff/password/")
        browser.fill(page, old_password=GUESS, new_password1=NEW, new_password2=NEW)

    assert db_rows.execute(TYPED).fetchall() == [("ada", "", "")]
    assert holding(dump(db_rows), OLD, GUESS, NEW) == {}
