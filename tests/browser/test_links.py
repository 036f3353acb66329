"""An owner without an account opens a link, connects a number in a real browser and lands where the
link came from.
"""

from typing import Any

import pytest
from selenium.webdriver.common.by import By

from tests.browser.connect_page import CONNECT, OWN_PAGE, channels
from tests.browser.person import CONTRASTS, Person
from tests.support.cast import ACME_NUMBER
from tests.support.processes import eventually
from tests.support.whatsapp.holders import new_link, only_link

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
LIVE = [("acme", ACME_NUMBER, "live")]
LANDED = "Welcome back at the shop"
SHOP = f'<!doctype html><title>Shop</title><link rel="icon" href="data:,"><h1>{LANDED}</h1>'
REFERRER = "return document.referrer"


@pytest.fixture
def shop(elsewhere: tuple[str, list[str]]) -> str:
    """Another site, which the link came from."""
    address, page = elsewhere
    page.append(SHOP)
    return address.replace("127.0.0.1", "localhost")


@pytest.fixture
def link(acme: Any, web: str, settings: Any, shop: str) -> str:
    settings.PUBLIC_URL = web
    return new_link(acme, return_url=f"{shop}/connected?order=7")


@pytest.fixture
def owner(somebody: Person) -> Person:
    return somebody


def follow(person: Person, link: str) -> None:
    person.driver.get(link)
    assert person.sees("Connect WhatsApp for Acme")


def landed(person: Person) -> str:
    """The address at which they are back, without the shop's own."""
    assert person.sees(LANDED)
    return person.driver.current_url.partition("/connected?")[2]


def test_an_owner_without_an_account_connects_a_number_and_lands_where_the_link_came_from(
    owner, link, account, working
):
    follow(owner, link)
    assert link.rpartition("/")[2] not in owner.driver.current_url
    owner.press(CONNECT)

    assert owner.sees("Connected")
    assert owner.sees("Go back to localhost", seconds=2)
    # led back, without a click, and the shop does not learn of the link
    assert landed(owner) == f"order=7&connect=done&channel={only_link().channel_id}"
    assert (owner.ask(REFERRER), channels()) == ("", LIVE)


def test_on_metas_own_page_it_is_the_same_and_back_from_the_shop_opens_nothing_again(
    owner, link, account, working
):
    follow(owner, link)
    owner.press(OWN_PAGE)
    assert owner.sees("asks for your WhatsApp accounts")
    assert owner.ask(REFERRER) == ""
    owner.press("Continue")
    assert landed(owner).startswith("order=7&connect=done&channel=")

    owner.driver.get(link)
    assert owner.sees("This link was used already")
    owner.complaints()  # of the 410
    assert channels() == LIVE


def test_an_owner_who_gives_up_is_led_back_and_can_come_again(owner, link, account, meta, working):
    meta.event = "CANCEL"
    follow(owner, link)
    owner.press(CONNECT)
    assert owner.sees("Nothing was connected: you left Meta's window before the end.")
    assert owner.sees("Not now: go back to localhost")
    owner.driver.find_element(By.CSS_SELECTOR, ".away a").click()
    assert landed(owner) == "order=7&connect=cancelled"
    assert (owner.ask(REFERRER), channels(), only_link().state) == ("", [], "opened")

    meta.event = "FINISH"
    follow(owner, link)
    owner.press(CONNECT)
    assert landed(owner).startswith("order=7&connect=done")


def test_without_scripts_a_button_leads_back(driver_without_scripts, web, link, account, jobs):
    owner = Person(driver_without_scripts, web)
    follow(owner, link)
    owner.press(OWN_PAGE)
    owner.press("Continue")
    assert owner.sees("Show how far it is")
    jobs()
    owner.follow("Show how far it is")
    assert owner.sees("Connected")
    owner.driver.find_element(By.ID, "back").click()

    assert landed(owner).startswith("order=7&connect=done")
    owner.leave()


def test_who_opened_a_link_that_ended_meanwhile_is_told_so_and_nothing_is_stored(
    owner, link, account, meta, db_rows
):
    follow(owner, link)
    db_rows.execute("UPDATE messaging.connect_links SET expires_at = now()")
    owner.press(CONNECT)

    assert owner.sees("This link does not work any more, or is forgotten by your browser")
    assert (channels(), [each.is_used for each in meta.codes.values()]) == ([], [False])
    owner.complaints()  # of the 410


def failed(owner: Person, link: str, meta: Any) -> None:
    meta.pins[ACME_NUMBER] = "246810"
    follow(owner, link)
    owner.press(CONNECT)
    assert owner.sees("PIN of the number")


def new(owner: Person, link: str, meta: Any) -> None:
    follow(owner, link)


def ended(owner: Person, link: str, meta: Any) -> None:
    owner.driver.get(f"{link}x")
    assert owner.sees("This link does not work")
    owner.complaints()  # of the 404


@pytest.mark.parametrize("state", [new, failed, ended], ids=lambda state: state.__name__)
def test_every_word_can_be_read_by_light_in_the_dark_and_on_a_phone(
    owner, link, account, meta, working, state
):
    state(owner, link, meta)
    hard = {}
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        owner.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        hard[scheme] = owner.ask(CONTRASTS)
    owner.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)

    assert hard == {"light": [], "dark": []}
    assert eventually(lambda: owner.ask("return document.documentElement.scrollWidth") == 390)
