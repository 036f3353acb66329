"""Who may bring a code back: the same session, for a tenant that they may act for, once, within ten
minutes.
"""

import time

import pytest
import requests
import time_machine

from tests.support.cast import ACME_NUMBER
from tests.support.members import employ, sign_in
from tests.support.outcomes import count
from tests.support.whatsapp.connect_page import PAGE, csrf, state_of

pytestmark = pytest.mark.whatsapp


def nothing_is_stored(db_rows, meta) -> bool:
    is_untouched = not any(code.is_used for code in meta.codes.values())
    return count(db_rows, "whatsapp_signups") == count(db_rows, "channels") == 0 and is_untouched


def back(session: requests.Session, web: str, **query: str) -> requests.Response:
    return session.get(f"{web}{PAGE}callback", params=query, timeout=10, allow_redirects=False)


def test_a_state_of_another_session_is_refused(
    web, acme, globex, ada, account, meta, finish, db_rows
):
    employ("grace", acme, "owner")
    grace, _ = sign_in(web, "grace")
    hers = state_of(grace, web)

    assert finish(state=hers).status_code == 403
    assert (
        back(ada, web, state=hers, code=meta.give_code(f"{web}{PAGE}callback")).status_code == 403
    )
    assert nothing_is_stored(db_rows, meta)


def test_the_same_persons_other_browser_is_another_session(
    web, acme, ada, account, meta, finish, db_rows
):
    other, _ = sign_in(web, "ada")

    assert (finish(state=state_of(other, web)).status_code, nothing_is_stored(db_rows, meta)) == (
        403,
        True,
    )


def test_a_state_of_a_tenant_that_one_does_not_work_for_any_more_is_refused(
    web, acme, ada, account, meta, finish, db_rows
):
    state = state_of(ada, web)
    db_rows.execute("UPDATE messaging.memberships SET role = 'agent'")
    refused = back(ada, web, state=state, code=meta.give_code(f"{web}{PAGE}callback"))

    assert (refused.status_code, nothing_is_stored(db_rows, meta)) == (403, True)


def test_a_state_is_used_once_whatever_became_of_it(
    web, ada, account, meta, finish, graph, db_rows
):
    state, code = state_of(ada, web), meta.give_code()
    graph.onboarding_script["exchange"].append({"http": 502})
    assert finish(state=state, code=code).status_code == 200
    second = meta.give_code()

    assert (finish(state=state, code=second).status_code, meta.codes[second].is_used) == (
        403,
        False,
    )
    assert (count(db_rows, "whatsapp_signups"), count(db_rows, "channels")) == (1, 0)


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda state: "", id="none"),
        pytest.param(
            lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"), id="another signature"
        ),
        pytest.param(lambda state: state[3:], id="the beginning is missing"),
        pytest.param(lambda state: state + "x", id="longer"),
        pytest.param(lambda state: "a:b:c", id="not ours"),
        pytest.param(lambda state: "\x00", id="no text"),
    ],
)
def test_a_state_that_was_tampered_with_is_refused(
    web, ada, account, meta, finish, db_rows, tamper
):
    state = tamper(state_of(ada, web))

    assert (finish(state=state).status_code, back(ada, web, state=state, code="x").status_code) == (
        403,
        403,
    )
    assert nothing_is_stored(db_rows, meta)


def test_a_state_lives_ten_minutes(web, ada, account, meta, finish, db_rows):
    state = state_of(ada, web)
    with time_machine.travel(time.time() + 601, tick=True):
        refused = back(ada, web, state=state, code="x")

    assert (refused.status_code, nothing_is_stored(db_rows, meta)) == (403, True)
    assert finish(state=state).status_code == 200


@pytest.mark.parametrize("way", ["", "state/", "callback", "callback/"])
def test_a_stranger_is_sent_to_sign_in(web, acme, meta, db_rows, way):
    answer = requests.get(
        f"{web}{PAGE}{way}", params={"code": "x", "state": "y"}, timeout=10, allow_redirects=False
    )

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
        302,
        "/staff/login/",
    )


def test_an_agent_and_who_works_for_nobody_are_refused(web, acme, globex, meta, db_rows):
    employ("grace", acme, "agent")
    grace, _ = sign_in(web, "grace")

    assert [
        grace.get(f"{web}{PAGE}{way}", timeout=10).status_code for way in ("", "state/", "callback")
    ] == [403] * 3


def test_a_request_without_djangos_own_token_is_refused(web, ada, account, meta, db_rows):
    told = {"state": state_of(ada, web), "code": meta.give_code()}
    answers = [
        ada.post(f"{web}{PAGE}{way}", json=told, timeout=10).status_code
        for way in ("finish/", "begin/")
    ]

    assert (answers, nothing_is_stored(db_rows, meta)) == ([403, 403], True)


def test_another_tenants_page_and_signup_are_not_there(
    web, acme, globex, ada, account, meta, finish, db_rows
):
    finish()
    (signup_id,) = db_rows.execute("SELECT id FROM messaging.whatsapp_signups").fetchone()
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")

    assert ada.get(f"{web}{PAGE}{signup_id}/steps/", timeout=10).status_code == 200
    assert grace.get(f"{web}{PAGE}{signup_id}/steps/", timeout=10).status_code == 404
    assert [
        grace.get(f"{web}{PAGE}{way}?tenant=acme", timeout=10).status_code for way in ("", "state/")
    ] == [404, 404]
    assert grace.get(f"{web}{PAGE}state/?tenant=globex", timeout=10).status_code == 200
    form = csrf(grace, web)
    headers = {"Referer": f"{web}{PAGE}"}
    assert (
        grace.post(
            f"{web}{PAGE}{signup_id}/again/", data=form, headers=headers, timeout=10
        ).status_code
        == 404
    )
    assert ACME_NUMBER not in grace.get(f"{web}{PAGE}?signup={signup_id}", timeout=10).text
