"""What the page hears of Meta's window, and from whom."""

import json
import time

import pytest
import time_machine

from tests.browser.connect_page import CONNECT, channels, signups
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

LEFT = (
    "Nothing was connected: you left Meta's window before the end. You can try again at any time."
)
OTHERS = {"waba_id": GLOBEX_ACCOUNT, "phone_number_id": GLOBEX_NUMBER}
OWN = {"waba_id": ACME_ACCOUNT, "phone_number_id": ACME_NUMBER, "business_id": "900000000000001"}
TELLING = (
    "<!doctype html><title>Elsewhere</title><script>{how}(() =>"
    " window.opener.postMessage({message}, '*'), {pause});</script>"
)


def telling(how: str, pause: int, message: object) -> list[str]:
    """A page that tells who opened it something: `setInterval`, `setTimeout`."""
    return [TELLING.format(how=how, pause=pause, message=json.dumps(json.dumps(message)))]


def finished(data: dict[str, str]) -> dict[str, object]:
    return {"type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "data": data, "version": "3"}


@pytest.mark.parametrize(
    ("event", "words"),
    [
        pytest.param("CANCEL", LEFT, id="left"),
        pytest.param(
            "ERROR",
            "Meta says: Something went wrong. Nothing was connected: press Connect to try again.",
            id="error",
        ),
    ],
)
def test_how_metas_window_ended_without_a_number_is_said_and_nothing_is_stored(
    ada, account, meta, event, words
):
    meta.event = event
    ada.open().press(CONNECT)

    assert (ada.sees(words), channels(), signups()) == (True, [], [])
    meta.event = "FINISH"
    ada.press(CONNECT)  # it can be pressed again
    assert ada.sees("Connecting")


def test_what_meta_says_of_who_left_because_something_failed_is_shown_before_the_calm_sentence(
    ada, account, meta
):
    meta.event, meta.event_data = (
        "CANCEL",
        {"error_message": "Your business is not verified.", "error_code": "1"},
    )
    ada.open().press(CONNECT)

    assert (ada.sees(LEFT), ada.told) == (True, f"Meta says: Your business is not verified. {LEFT}")
    assert signups() == []


def test_a_window_that_is_closed_is_told_and_connect_can_be_pressed_again(ada, account, meta):
    meta.event = "NOTHING"
    ada.open().press(CONNECT)

    assert ada.sees(LEFT)
    assert (ada.button(CONNECT).is_enabled(), signups()) == (True, [])


@pytest.mark.parametrize(
    ("is_metas", "believed"),
    [
        pytest.param(True, OTHERS, id="heard where it is of Meta's address"),
        pytest.param(False, OWN, id="ignored where it is of another"),
    ],
)
def test_what_another_address_says_of_the_window_is_ignored(
    ada, account, elsewhere, settings, is_metas, believed
):
    address, page = elsewhere
    page.extend(telling("setInterval", 20, finished(OTHERS)))
    if is_metas:
        settings.META_DIALOG_URL = address
    ada.open().open_beside(address)
    ada.press(CONNECT)

    assert ada.sees("Connecting")
    assert [each.hints for each in signups()] == [believed]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("no JSON {", id="a text"),
        pytest.param(None, id="nothing"),
        pytest.param({"type": "WA_EMBEDDED_SIGNUP"}, id="neither event nor data"),
        pytest.param(
            {"type": "WA_EMBEDDED_SIGNUP", "event": {"a": 1}, "data": "none"}, id="of another shape"
        ),
        pytest.param(
            {"type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "data": ["x", {"waba_id": {}}]},
            id="a list",
        ),
    ],
)
def test_words_of_any_shape_disturb_nothing(ada, account, elsewhere, settings, message):
    address, page = elsewhere
    page.extend(telling("setInterval", 20, message))
    settings.META_DIALOG_URL = address
    ada.open().open_beside(address)
    ada.press(CONNECT)

    assert ada.sees("Connecting")
    assert [(each.hints, each.is_coexistence) for each in signups()] == [({}, False)]


def test_what_the_window_says_after_its_code_is_heard_too(ada, account, elsewhere, settings):
    address, page = elsewhere
    settings.META_DIALOG_URL = address  # so that nothing is heard of the window that has the code
    ada.open()
    page.extend(telling("setTimeout", 1200, finished(OWN)))
    ada.open_beside(address)
    ada.press(CONNECT)

    assert ada.sees("Meta has answered. One moment")
    assert signups() == []
    assert eventually(lambda: [each.hints for each in signups()] == [OWN], seconds=5)


def test_who_stays_in_metas_window_for_an_hour_is_connected_all_the_same(ada, account):
    ada.open()
    time.sleep(0.5)  # what the page fetches beforehand is of now, and would be too old
    with time_machine.travel(time.time() + 3600, tick=True):
        ada.press(CONNECT)
        assert ada.sees("Connecting")


def test_connect_pressed_twice_opens_one_window_and_connects_once(ada, account, meta):
    ada.open().ask(
        "const connect = document.getElementById('connect'); connect.click(); connect.click();"
    )

    assert ada.sees("Connecting")
    assert (len(signups()), len(meta.codes)) == (1, 1)


def test_back_from_the_end_is_the_page_as_it_is_now_and_connects_again(ada, account, working):
    ada.open().press(CONNECT)
    assert ada.sees("Connected")
    ada.driver.back()
    assert eventually(lambda: len(ada.cards()) == 1 and ada.states() == [], seconds=5)

    ada.press(CONNECT)
    assert (ada.sees("Connected"), [each.status for each in signups()]) == (True, ["connected"] * 2)


def test_a_page_that_the_browser_kept_from_before_is_loaded_anew(ada, account, meta):
    meta.event = "CANCEL"
    ada.open().press(CONNECT)
    assert ada.sees(LEFT)
    ada.ask("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    assert eventually(lambda: LEFT not in ada.text and CONNECT in ada.buttons(), seconds=5)
