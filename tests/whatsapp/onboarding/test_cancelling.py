"""Who leaves Meta's page before the end has done nothing wrong: a calm sentence, nothing stored,
and the way is still open.
"""

import pytest
import requests

from tests.support.members import employ, sign_in
from tests.support.outcomes import count
from tests.support.whatsapp.connect_page import PAGE, channel, csrf, notes, state_of

pytestmark = pytest.mark.whatsapp

CALM = "Nothing was connected: you left Meta's page before the end. You can try again at any time."
DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}


def back(session: requests.Session, web: str, **query: str) -> requests.Response:
    return session.get(f"{web}{PAGE}callback", params=query, timeout=10)


def test_who_cancels_on_metas_page_is_back_on_the_page_with_a_calm_sentence_and_nothing_is_stored(
    web, ada, account, db_rows
):
    dialog = ada.post(
        f"{web}{PAGE}begin/", data=csrf(ada, web), headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )
    told = ada.get(
        dialog.url.replace("/v25.0/dialog/oauth?", "/dialog/answer?choice=cancel&"), timeout=10
    )

    assert (told.url, told.status_code, notes(told)) == (f"{web}{PAGE}?tenant=acme", 200, [CALM])
    assert [each in told.text for each in ("Permissions error", "failed", "Not connected yet")] == [
        False
    ] * 3
    assert (count(db_rows, "whatsapp_signups"), count(db_rows, "channels")) == (0, 0)


def test_the_sentence_is_shown_once(web, ada, account):
    told = back(ada, web, state=state_of(ada, web), **DENIED)
    again = ada.get(told.url, timeout=10)

    assert (notes(told), notes(again)) == ([CALM], [])


def test_the_sentence_is_on_the_page_of_the_business_that_was_to_be_connected(
    web, acme, globex, ada, meta
):
    employ("ada", globex, "admin")
    told = back(ada, web, state=state_of(ada, web, "globex"), **DENIED)

    assert (told.url, notes(told)) == (f"{web}{PAGE}?tenant=globex", [CALM])


@pytest.mark.parametrize(
    "told", [{"error": "access_denied"}, {"error_reason": "user_denied"}], ids=str
)
def test_a_cancel_is_known_by_either_of_metas_words(web, ada, meta, told):
    assert notes(back(ada, web, state=state_of(ada, web), **told)) == [CALM]


def test_who_cancels_and_goes_back_to_metas_page_may_still_agree(web, ada, account, meta, jobs):
    state = state_of(ada, web)
    cancelled = [back(ada, web, state=state, **DENIED).status_code for _ in range(2)]
    back(ada, web, state=state, code=meta.give_code(f"{web}{PAGE}callback"))
    jobs()

    assert (cancelled, channel().status) == ([200, 200], "live")


def test_a_cancel_with_a_state_of_somebody_else_is_refused(web, acme, ada, meta):
    employ("grace", acme, "owner")
    grace, _ = sign_in(web, "grace")
    refused = [
        back(ada, web, state=state, **DENIED).status_code
        for state in ("", "a:b:c", state_of(grace, web))
    ]

    assert (refused, notes(ada.get(f"{web}{PAGE}", timeout=10))) == ([403] * 3, [])


def test_a_code_that_comes_with_an_error_counts(web, ada, account, meta, jobs):
    back(ada, web, state=state_of(ada, web), code=meta.give_code(f"{web}{PAGE}callback"), **DENIED)
    jobs()

    assert channel().status == "live"


def test_what_meta_says_of_a_fault_of_its_own_is_no_cancel_and_is_shown(web, ada, meta, db_rows):
    told = back(
        ada,
        web,
        state=state_of(ada, web),
        error="server_error",
        error_description="Something broke at Meta",
    )

    assert (
        notes(told),
        "Something broke at Meta" in told.text,
        count(db_rows, "whatsapp_signups"),
    ) == ([], True, 1)
