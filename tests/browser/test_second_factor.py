"""Grace, an operator, at a real browser: she sets up her second factor, keeps the recovery codes,
signs out and in again with a code, and gives her password again for new codes.
"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from selenium.webdriver.common.by import By

from tenants.models import User
from tenants.scope import auth_scope
from tests.browser.person import CONTRASTS, Person
from tests.support.second_factor import App

pytestmark = pytest.mark.whatsapp

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
DESK = {"width": 1000, "height": 1100, "deviceScaleFactor": 1, "mobile": False}
TOO_WIDE = "return document.documentElement.scrollWidth > window.innerWidth"
MODULES = "return document.querySelector('.picture').getBoundingClientRect().width > 150"


def give_password(somebody: Person) -> None:
    somebody.open("/admin/")
    somebody.write("username", "grace")
    somebody.write("password", "correct horse")
    somebody.driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()


@pytest.mark.parametrize(
    ("screen", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"]
)
def test_an_operator_sets_up_an_app_and_signs_in_with_its_code(
    screen, scheme, somebody, settings, tmp_path
):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    with auth_scope():
        User.objects.create_superuser("grace", password="correct horse")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    somebody.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    somebody.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    found = {}

    def look(page: str) -> None:
        found[page] = (somebody.ask(TOO_WIDE), somebody.ask(CONTRASTS))
        somebody.driver.save_screenshot(str(tmp_path / f"{page}.png"))

    give_password(somebody)
    assert somebody.sees("Set up your second factor")
    assert somebody.ask(MODULES)
    look("set up")
    app = App(somebody.driver.find_element(By.CSS_SELECTOR, ".key").text)
    somebody.write("code", "000000")
    somebody.press("Use this app")
    assert somebody.sees("This code is not right")
    look("wrong code")
    somebody.write("code", app.code())
    somebody.press("Use this app")
    assert somebody.sees("Keep your recovery codes")
    look("recovery codes")
    somebody.follow("I have kept them")
    assert somebody.sees("What needs a hand")
    somebody.driver.find_element(By.CSS_SELECTOR, "#logout-form button").click()
    assert somebody.sees("Logged out")
    give_password(somebody)
    assert somebody.sees("Enter a code")
    look("enter")
    somebody.write("code", app.next())
    somebody.press("Go on")
    assert somebody.sees("What needs a hand")
    somebody.open("/staff/second-factor/")
    assert somebody.sees("10 recovery codes are left.")
    look("overview")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        somebody.follow("Make new recovery codes")
        assert somebody.sees("Enter your password again")
        look("password again")
        somebody.write("password", "correct horse")
        somebody.press("Go on")
        assert somebody.sees("You get ten new ones.")

    assert found == dict.fromkeys(found, (False, []))
    assert len(found) == 6
