"""A business is connected in a real browser: by Meta's script, and on Meta's own page."""

import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.browser.connect_page import CONNECT, DIALLED, OWN_PAGE, RECONNECT, channels, signups
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.processes import eventually
from whatsapp.onboarding.steps import TITLES
from whatsapp.stand_in.business import REGISTERED

pytestmark = pytest.mark.whatsapp

LIVE = ["Stand-in +46700000000 Works"]
LEFT = "Nothing was connected: you left Meta's page before the end. You can try again at any time."
DELAYED = ("debug_token", "phone_numbers", "subscribe", "register", "number")


def test_each_step_appears_with_its_result_while_it_happens_and_the_number_is_listed_in_the_end(
    ada, account, graph, working
):
    for call in DELAYED:
        graph.onboarding_script[call].append({"delay": 1})
    ada.open().press(CONNECT)
    seen: list[list[str]] = []

    def is_over() -> bool:
        states = ada.states()
        if states and states != (seen or [None])[-1]:
            seen.append(states)
        return states == ["done"] * len(TITLES) and ada.cards() != []

    assert eventually(is_over, seconds=30)
    names = list(TITLES)
    progress = [
        (["done"] * done + ["under way"] + ["pending"] * len(names))[: len(names)]
        for done in range(len(names) + 1)
    ]
    assert [each for each in progress if each in seen] == seen
    assert {names[each.index("under way")] for each in seen[:-1]} >= {
        "token",
        "numbers",
        "subscribe",
        "register",
        "live",
    }
    assert (ada.sees("Connected"), ada.sees_number(LIVE[0])) == (True, True)


def test_steps_fold_away_as_they_are_done_and_the_page_is_not_loaded_anew_for_it(
    ada, account, graph, working
):
    graph.onboarding_script["subscribe"].append({"delay": 4})
    ada.open().press(CONNECT)
    assert ada.sees("1 of 8 steps is done")
    ada.ask("window.isTheSame = true")

    assert ada.sees("5 of 8 steps are done")
    assert (ada.ask("return window.isTheSame"), ada.seen_steps()) == (
        True,
        list(TITLES.values())[5:],
    )
    said = ada.ask("return document.querySelector('#steps [role=status]').textContent")
    assert said == "5 of 8 steps are done. Now: Meta passes the account's messages on to us."

    assert ada.sees("8 of 8 steps are done")
    assert ada.seen_steps() == []


def test_an_account_without_a_number_is_told_so_and_goes_on_once_it_has_one(ada, meta, working):
    meta.open_account(ACME_ACCOUNT)
    meta.event = "FINISH_ONLY_WABA"
    ada.open().press(CONNECT)
    assert ada.sees(
        "The account has no number yet. Add one in WhatsApp Manager, then press Continue."
    )

    meta.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER})
    ada.press("Continue")
    assert (ada.sees("Connected"), channels()) == (True, [("acme", ACME_NUMBER, "live")])


def test_a_number_that_stays_in_the_phone_app_is_connected_beside_it(ada, meta, working):
    meta.open_account(
        ACME_ACCOUNT, {"id": ACME_NUMBER, "status": "CONNECTED", "platform_type": "ON_PREMISE"}
    )
    meta.event = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
    ada.open().press(CONNECT)

    assert ada.sees("Connected")
    ada.unfold("8 of 8 steps are done")
    assert (ada.sees("Not needed: the numbers stay in the phone app."), meta.pins) == (True, {})
    assert [each.is_coexistence for each in signups()] == [True]


def test_on_metas_own_page_it_is_the_same(ada, account, meta, working):
    ada.open().press(OWN_PAGE)
    assert ada.sees("asks for your WhatsApp accounts")
    ada.press("Continue")

    assert (ada.sees("Connected"), channels()) == (True, [("acme", ACME_NUMBER, "live")])


def test_who_cancels_on_metas_own_page_is_told_so_and_has_no_number(ada, account, meta):
    ada.open().press(OWN_PAGE)
    assert ada.sees("asks for your WhatsApp accounts")
    ada.press("Cancel")

    assert (ada.sees(LEFT), ada.states()) == (True, [])
    assert (channels(), signups(), meta.codes) == ([], [], {})
    # what a screen reader reads first
    assert ada.ask("return document.activeElement.innerText") == LEFT

    ada.press(OWN_PAGE)
    ada.press("Continue")
    assert ada.sees("Connecting")
    assert LEFT not in ada.text


def test_without_scripts_it_works_through_metas_own_page_and_by_loading_again(
    ada_without_scripts, account, meta, jobs
):
    ada = ada_without_scripts
    ada.sign_in("ada").open()
    assert ada.buttons() == ["Sign out", OWN_PAGE]
    ada.press(OWN_PAGE)
    ada.press("Continue")
    # Meta's page has led back: before that there is nothing to do
    assert ada.sees("Show how far it is")
    assert "1 of 8 steps is done" in ada.text
    assert ada.seen_steps() == list(TITLES.values())[1:]
    ada.unfold("1 of 8 steps is done")
    assert ada.seen_steps() == list(TITLES.values())
    jobs()
    ada.follow("Show how far it is")

    assert (channels(), "Connected" in ada.text) == ([("acme", ACME_NUMBER, "live")], True)


def test_a_channel_whose_token_died_is_connected_again_and_stays_the_same(
    ada, acme_whatsapp, account, working
):
    # at Meta it is as it was: a check that falls due meanwhile finds nothing else
    account.callback = ""
    account.numbers[ACME_NUMBER].update(REGISTERED)
    with operator_scope():
        Channel.objects.update(
            status="needs_reauth", status_reason="The token is dead.", phone_number=DIALLED
        )
    ada.open()
    assert ada.sees("Needs to be connected again")
    ada.press(RECONNECT)

    assert ada.sees("Connected")
    with operator_scope():
        assert [(each.id, each.status, each.status_reason) for each in Channel.objects.all()] == [
            (acme_whatsapp.id, "live", "")
        ]
    assert (ada.sees_number(LIVE[0]), "Reconnect" in ada.text) == (True, False)


def test_without_metas_script_a_number_is_connected_again_on_metas_own_page(
    ada_without_scripts, acme_whatsapp, account, meta, jobs
):
    ada = ada_without_scripts
    with operator_scope():
        Channel.objects.update(status="needs_reauth", phone_number=DIALLED)
    ada.sign_in("ada").open()
    ada.press(RECONNECT)
    ada.press("Continue")
    assert ada.sees("Show how far it is")
    jobs()

    assert channels() == [("acme", ACME_NUMBER, "live")]


def test_who_cancels_while_a_number_is_to_be_connected_again_reads_so_in_its_card_and_can_try_again(
    ada, acme_whatsapp, account, meta
):
    with operator_scope():
        Channel.objects.update(status="needs_reauth", phone_number=DIALLED)
    meta.event = "CANCEL"
    ada.open().press(RECONNECT)
    calm = (
        "Nothing was connected: you left Meta's window before the end. You can try again at any"
        " time."
    )
    assert ada.sees(calm)

    assert (calm in ada.cards()[0], ada.told, signups()) == (True, "", [])
    assert ada.ask("return document.activeElement.innerText") == RECONNECT
    meta.event = "FINISH"
    ada.press(RECONNECT)
    assert ada.sees("Connecting")


def test_who_disconnects_is_told_once_and_the_card_is_gone(ada, acme_whatsapp, account):
    with operator_scope():
        Channel.objects.update(phone_number=DIALLED)
    ada.open().unfold("Disconnect")
    ada.press("Disconnect +46700000000")

    assert ada.sees("is disconnected. What people write to it does not arrive here any more")
    assert (ada.cards(), channels()) == ([], [("acme", ACME_NUMBER, "disconnected")])
    assert "is disconnected" not in ada.open().text


def test_a_number_of_another_business_here_moves_when_that_is_ordered(
    grace, acme_whatsapp, account, working
):
    grace.open().press(CONNECT)
    assert grace.sees(
        "is connected by another business here. Disconnect it there and press Continue, or move it"
        " here"
    )
    assert channels() == [("acme", ACME_NUMBER, "live")]

    grace.press("Move the number here")
    assert grace.sees("Connected")
    assert channels() == [("acme", ACME_NUMBER, "disconnected"), ("globex", ACME_NUMBER, "live")]
