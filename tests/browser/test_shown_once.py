"""An operator makes an API key and a connect link for a tenant in a real browser: each is shown
once, works, and is read nowhere again.
"""

import pytest
from selenium.webdriver.common.by import By

from tests.browser.operator import Operator
from tests.support.api import Caller

pytestmark = pytest.mark.whatsapp


def make(operator: Operator, words: str) -> None:
    """Open the form behind this link on Acme's page."""
    operator.open("/admin/")
    operator.follow("Tenants")
    operator.open_row("Acme")
    operator.follow(words)


def shown(operator: Operator) -> str:
    """The only thing on the page that is set apart to be copied."""
    (secret,) = operator.driver.find_elements(By.CSS_SELECTOR, ".whole-key")
    return secret.text


def test_an_api_key_is_shown_once_works_and_is_revoked(operator, acme, web):
    make(operator, "Make an API key")
    operator.fill("Name", "The shop")
    operator.station("91-new-key")
    operator.press("Save")
    assert operator.sees("It is stored nowhere and cannot be shown again.")
    operator.station("92-key-shown-once")
    key = shown(operator)
    before = Caller(web, key).get("channels").status_code
    operator.follow("I have copied it")
    assert operator.sees("The shop")
    operator.station("93-keys")
    in_list = key in operator.driver.page_source
    operator.open_row("The shop")
    on_page = key in operator.driver.page_source

    operator.press("Revoke")
    assert operator.sees("The next request with a revoked key is refused, for good.")
    operator.station("94-revoke")
    operator.press("Confirm")
    assert operator.sees("1 of 1 keys is revoked.")
    after = Caller(web, key).get("channels").status_code
    assert (before, in_list, on_page, after) == (200, False, False, 401)


def test_a_connect_link_is_shown_once_and_opens_its_tenants_page(
    operator, acme, web, meta, settings
):
    settings.PUBLIC_URL = web
    make(operator, "Make a connect link")
    operator.fill("Return address", "https://shop.example/connected")
    operator.station("95-new-link")
    operator.press("Save")
    assert operator.sees("It is not shown again.")
    operator.station("96-link-shown-once")
    link = shown(operator)
    operator.follow("I have copied it")
    assert operator.sees("New")
    operator.station("97-links")
    is_told = link.rpartition("/")[2] in operator.driver.page_source
    operator.sign_out()
    operator.driver.get(link)

    assert operator.sees("Connect WhatsApp for Acme")
    assert is_told is False
