"""Grace, an operator, loses her phone: a recovery code lets her in, and once the codes are lost,
too, a colleague resets her second factor, and she sets up another app.
"""

import pytest
from selenium.webdriver.common.by import By

from tests.browser.operator import Operator
from tests.support.operators import operator
from tests.support.second_factor import App

pytestmark = pytest.mark.whatsapp


def come_back(person: Operator, name: str) -> None:
    """Sign out, and give somebody's password."""
    person.sign_out()
    person.open("/admin/")
    person.give_password(name)


def words_of(person: Operator, selector: str) -> list[str]:
    return [each.text for each in person.driver.find_elements(By.CSS_SELECTOR, selector)]


def set_up(person: Operator) -> list[str]:
    """Set up the app that the page offers; the recovery codes that it shows then."""
    assert person.sees("Let the app scan this picture")
    (key,) = words_of(person, ".key")
    person.write("code", App(key).code())
    person.press("Use this app")
    assert person.sees("Keep your recovery codes")
    return words_of(person, ".recovery-codes li")


def test_a_recovery_code_lets_in_once_and_a_colleague_resets_a_lost_factor(olga, settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    operator("grace")

    olga.open("/admin/")
    olga.give_password("grace")
    assert olga.sees("Set up your second factor")
    olga.station("31-set-up")
    codes = set_up(olga)
    olga.station("32-recovery-codes")
    olga.follow("I have kept them")
    assert olga.sees("What needs a hand")

    come_back(olga, "grace")
    olga.give_code(codes[0])
    come_back(olga, "grace")
    assert olga.sees("Enter a code")
    olga.write("code", codes[0])
    olga.press("Go on")
    assert olga.sees("This code is not right")
    olga.station("33-used-already")

    olga.press("Sign out")
    olga.sign_in()
    olga.follow("Users")
    olga.open_row("grace")
    olga.press("Reset the second factor")
    assert olga.sees("Make sure that it is really this person who asks")
    olga.station("34-reset")
    olga.press("Confirm")
    assert olga.sees("1 of 1 accounts is without a second factor now")

    come_back(olga, "grace")
    assert (len(codes), len(set(codes) & set(set_up(olga)))) == (10, 0)
