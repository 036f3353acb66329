"""The page for those who use a keyboard, a phone, or the dark."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.connect_page import CONNECT
from tests.browser.person import CONTRASTS
from tests.support.cast import ACME_NUMBER
from tests.support.members import employ

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 375, "height": 800, "deviceScaleFactor": 2, "mobile": True}
FOCUSED = "return document.activeElement.innerText"


def failed_in_the_register(ada, meta) -> None:
    """The page with most on it: a number, steps of each state, a field and three buttons."""
    meta.pins[ACME_NUMBER] = "246810"
    ada.open().press(CONNECT)
    assert ada.sees("PIN of the number")


def test_tab_reaches_connect_and_enter_presses_it(ada, account):
    ada.open()
    reached = []
    while CONNECT not in reached and len(reached) < 10:
        ada.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(ada.ask(FOCUSED))
    assert reached == ["Your businesses", "Password", "Second factor", "Sign out", CONNECT]

    ada.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert ada.sees("Connecting")


def test_a_phone_shows_all_of_it_without_scrolling_sideways(ada, globex, account, meta, working):
    employ("ada", globex, "admin")
    ada.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    failed_in_the_register(ada, meta)

    assert ada.ask("return [window.innerWidth, document.documentElement.scrollWidth]") == [375, 375]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_by_light_and_in_the_dark(ada, account, meta, working, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    ada.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    failed_in_the_register(ada, meta)

    assert ada.ask("return matchMedia('(prefers-color-scheme: dark)').matches") == (
        scheme == "dark"
    )
    assert ada.ask(CONTRASTS) == []
    ada.ask("document.querySelector('h1').style = 'color: gray; background: gray'")
    assert [words for _, words in ada.ask(CONTRASTS)] == ["Connect WhatsApp"]


def test_the_pages_policy_stops_what_is_not_ours_and_the_browser_says_so(ada, elsewhere):
    address, page = elsewhere
    page.append("window.isElsewheres = true;")
    ada.open().ask(
        "const script = document.createElement('script'); script.src = arguments[0];"
        " document.body.append(script)",
        address,
    )

    assert any("Content Security Policy" in each for each in ada.complaints())
    assert ada.ask("return window.isElsewheres") is None
