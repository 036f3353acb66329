"""Ada invites Grace, who makes an account, and later forgets her password: every page of it at a
real browser.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.person import CONTRASTS, Person
from tests.support.invitations import link_in
from tests.support.members import employ

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
DESK = {"width": 1000, "height": 1100, "deviceScaleFactor": 1, "mobile": False}
PASSWORD = "a long and odd password"
TOO_WIDE = "return document.documentElement.scrollWidth > window.innerWidth"


def walk(somebody: Person, tenant: Any, mailbox: Any, jobs: Any) -> Iterator[str]:
    """The name of each page, once it is shown."""
    employ("ada", tenant, "owner")
    employ("a-colleague-with-a-rather-long-name@acme.example", tenant, "admin")
    go(somebody, f"{somebody.web}/staff/login/", "Forgotten your password?")
    yield "sign-in"
    somebody.sign_in("ada")
    yield "home of an owner"
    follow(somebody, "Members", "Invite somebody")
    somebody.driver.find_element(By.TAG_NAME, "summary").click()
    yield "members"
    invite(somebody, "grace@acme.example")
    yield "invited"
    invite(somebody, "another.new.colleague@acme.example")
    jobs()
    somebody.driver.delete_all_cookies()
    yield from accept(somebody, newest_link(somebody, mailbox))
    yield from forget(somebody, mailbox, jobs)


def follow(somebody: Person, words: str, then: str) -> None:
    somebody.follow(words)
    assert somebody.sees(then)


def go(somebody: Person, address: str, then: str) -> None:
    somebody.driver.get(address)
    assert somebody.sees(then)


def newest_link(somebody: Person, mailbox: Any) -> str:
    """Of the last mail to Grace."""
    to_grace = [mail for mail in mailbox.taken if mail["To"] == "grace@acme.example"]
    return link_in(to_grace[-1], somebody.web)


def invite(somebody: Person, address: str) -> None:
    somebody.write("email", address)
    Select(somebody.driver.find_element(By.ID, "id_role")).select_by_visible_text("agent")
    somebody.press("Send the invitation")
    assert somebody.sees(f"An invitation is on its way to {address}.")


def accept(somebody: Person, link: str) -> Iterator[str]:
    go(somebody, link, "Make an account")
    yield "invitation"
    for name, words in {"username": "grace", "password1": "short", "password2": "short"}.items():
        somebody.write(name, words)
    somebody.press("Make the account and accept")
    assert somebody.sees("This password is too short.")
    yield "invitation, a weak password"
    for name in ("password1", "password2"):
        somebody.write(name, PASSWORD)
    somebody.press("Make the account and accept")
    assert somebody.sees("You work for Acme as agent.")
    yield "home of an agent"
    follow(somebody, "Members", "What each role may do")
    yield "members, for an agent"
    go(somebody, link, "Accept as grace")
    yield "invitation, accepted already"
    follow(somebody, "Password", "Change your password")
    yield "password"
    somebody.press("Sign out")
    assert somebody.sees("Forgotten your password?")


def forget(somebody: Person, mailbox: Any, jobs: Any) -> Iterator[str]:
    follow(somebody, "Forgotten your password?", "Tell us the e-mail address")
    yield "forgotten"
    somebody.write("email", "grace@acme.example")
    somebody.press("Send the link")
    assert somebody.sees("Look into your mail")
    yield "asked"
    jobs()
    go(somebody, newest_link(somebody, mailbox), "Choose a new password")
    yield "a new password"
    for name in ("new_password1", "new_password2"):
        somebody.write(name, f"{PASSWORD}!")
    somebody.press("Set the password")
    assert somebody.sees("Your password is changed. Sign in with it.")
    yield "sign-in, changed"
    go(somebody, newest_link(somebody, mailbox), "This link cannot be used")
    yield "a used link"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_can_be_read_on_a_phone_and_in_the_dark(
    screen, scheme, somebody, acme, mailbox, jobs
):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    somebody.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    somebody.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    found = {
        page: (somebody.ask(TOO_WIDE), somebody.ask(CONTRASTS))
        for page in walk(somebody, acme, mailbox, jobs)
    }

    assert found == dict.fromkeys(found, (False, []))
    assert len(found) == 15
