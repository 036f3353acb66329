"""What goes wrong is said in a sentence on the page, and the next press goes on from there."""

import pytest

from tests.browser.connect_page import CONNECT, OWN_PAGE, channels, signups
from tests.support.cast import ACME_NUMBER
from tests.support.processes import eventually
from whatsapp.onboarding.steps import TITLES
from whatsapp.pages.plain_words import plain

pytestmark = pytest.mark.whatsapp

LIVE = [("acme", ACME_NUMBER, "live")]
NAMES = list(TITLES)
FAULTS = [
    pytest.param("exchange", {"code": 100}, "exchange", id="the code is not taken"),
    pytest.param(
        "debug_token", {"http": 502}, "token", id="Meta does not say what the token may do"
    ),
    pytest.param(
        "phone_numbers", {"code": 190, "http": 401}, "numbers", id="the account is not shown"
    ),
    pytest.param("subscribe", {"code": 200}, "subscribe", id="the app is not subscribed"),
    pytest.param("number", {"code": 4}, "live", id="the number cannot be seen in the end"),
]


@pytest.mark.parametrize(("call", "fault", "step"), FAULTS)
def test_a_step_that_fails_says_so_and_the_next_press_goes_on_from_there(
    ada, account, graph, working, call, fault, step
):
    graph.onboarding_script[call].append(fault)
    ada.open().press(CONNECT)
    place = NAMES.index(step)
    failed = ["done"] * place + ["failed"] + ["pending"] * (len(NAMES) - place - 1)
    assert eventually(lambda: ada.states() == failed, seconds=15), ada.states()
    (said,) = [each["said"] for each in signups()[0].steps.values() if each["failed"]]
    assert (len(said) > 10, ada.sees(plain(said)), ada.seen_steps()) == (
        True,
        True,
        list(TITLES.values())[place:],
    )

    assert ("Continue" in ada.buttons()) == (step != "exchange")  # a code is good for one exchange
    ada.press(CONNECT if step == "exchange" else "Continue")
    assert (ada.sees("Connected"), channels()) == (True, LIVE)


def test_a_number_with_a_pin_of_its_own_is_registered_with_that(ada, account, meta, working):
    meta.pins[ACME_NUMBER] = "246810"
    ada.open().press(CONNECT)
    assert ada.sees("PIN of the number, if one was set before (six digits)")

    ada.write("pin", "246810")
    ada.press("Continue")
    assert (ada.sees("Connected"), channels(), meta.pins) == (True, LIVE, {ACME_NUMBER: "246810"})


def test_while_no_background_process_runs_the_page_says_what_to_do(ada, account, jobs):
    ada.open().press(CONNECT)
    assert ada.sees("Connecting")
    words = "If it is not done in a few minutes, tell the people who run this platform."
    assert (words in ada.text, ada.sees(words, seconds=25)) == (False, True)

    jobs()
    assert (ada.sees("Connected"), channels(), words in ada.text) == (True, LIVE, False)


def test_where_metas_script_is_kept_away_its_own_page_is_the_way(ada, account, settings, working):
    settings.META_SDK_URL = "http://localhost:1/sdk.js"
    ada.open()
    assert ada.buttons() == ["Sign out", OWN_PAGE]
    assert [each.partition(" - ")[0] for each in ada.complaints()] == ["http://localhost:1/sdk.js"]

    ada.press(OWN_PAGE)
    ada.press("Continue")
    assert (ada.sees("Connected"), channels()) == (True, LIVE)
    ada.complaints()  # of the same, once more


def test_a_platform_that_is_not_set_up_for_it_says_who_must_finish_it(ada, settings):
    settings.META_APP_ID = ""
    ada.open()

    assert ada.sees("the people who run this platform must finish its set-up at Meta first.")
    assert ada.buttons() == ["Sign out"]


def test_who_was_signed_out_while_metas_window_was_open_is_told_and_nothing_is_stored(
    ada, account, meta
):
    ada.open()
    ada.driver.delete_cookie("sessionid")
    ada.press(CONNECT)

    assert ada.sees(
        "You were signed out meanwhile. Load this page again to sign in, then press Connect."
    )
    assert (channels(), signups(), [each.is_used for each in meta.codes.values()]) == (
        [],
        [],
        [False],
    )


def test_who_signed_in_anew_while_metas_window_was_open_is_told_and_nothing_is_stored(
    ada, account, meta
):
    ada.open()
    ada.driver.switch_to.new_window("tab")
    ada.driver.delete_cookie("sessionid")
    ada.sign_in("ada").driver.switch_to.window(ada.own_window)
    ada.press(CONNECT)

    assert ada.sees("You signed in anew meanwhile, or may not connect this business any more.")
    assert [each.rpartition(": ")[2] for each in ada.complaints()] == [
        "the server responded with a status of 403 (Forbidden)"
    ]
    assert (channels(), signups(), [each.is_used for each in meta.codes.values()]) == (
        [],
        [],
        [False],
    )


def test_a_platform_that_does_not_answer_says_so_and_connect_can_be_pressed_again(
    ada, account, settings
):
    ada.open()
    ada.ask("document.getElementById('meta').dataset.finish = 'http://127.0.0.1:1/'")
    ada.press(CONNECT)

    assert ada.sees(
        "The platform did not answer. Load this page again to see whether it was connected."
    )
    assert (ada.button(CONNECT).is_enabled(), len(ada.complaints()) > 0) == (True, True)


def test_who_was_signed_out_while_it_is_being_connected_signs_in_and_is_back(ada, account, jobs):
    ada.open().press(CONNECT)
    assert ada.sees("Connecting")
    ada.driver.delete_cookie("sessionid")
    assert ada.sees("Sign in")
    ada.write("username", "ada")
    ada.write("password", "correct horse")
    ada.press("Sign in")
    assert ada.sees("Connecting")

    jobs()
    assert ada.sees("Connected")
