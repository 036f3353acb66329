"""The state of an attempt by a link is that link's, of that browser, once, for ten minutes."""

import time
from uuid import UUID

import pytest
import time_machine

from tests.support.members import employ, sign_in
from tests.support.outcomes import count
from tests.support.whatsapp.connect_page import PAGE, csrf, state_of
from tests.support.whatsapp.holders import Owner, new_link, signups, title
from whatsapp.onboarding import oauth_state

pytestmark = pytest.mark.whatsapp

STALE = (403, "That took too long")


def nothing_is_stored(db_rows, meta) -> bool:
    is_untouched = not any(code.is_used for code in meta.codes.values())
    return count(db_rows, "whatsapp_signups") == count(db_rows, "channels") == 0 and is_untouched


def test_a_state_of_one_link_is_refused_with_another_of_the_same_browser(
    web, acme, globex, owner, account, meta, db_rows
):
    others = [Owner(web, new_link(each), session=owner.session) for each in (acme, globex)]
    answers = [owner.finish(meta, state=other.state()) for other in others]
    answers += [other.finish(meta, state=owner.state()) for other in others]

    assert [title(each) for each in answers] == [STALE] * 4
    assert nothing_is_stored(db_rows, meta)


def test_a_state_of_another_browser_with_the_same_link_is_refused(
    web, link, owner, account, meta, db_rows
):
    theirs = Owner(web, link).state()
    code = meta.give_code(f"{web}{PAGE}callback")
    answers = [owner.finish(meta, state=theirs), owner.back(state=theirs, code=code)]

    assert [title(each) for each in answers] == [STALE] * 2
    assert owner.back(state=theirs, error="access_denied").status_code == 403
    assert nothing_is_stored(db_rows, meta)


def test_a_state_is_refused_where_its_link_was_never_opened(web, acme, owner, meta, db_rows):
    employ("eve", acme, "owner")
    eve, _ = sign_in(web, "eve")
    code = meta.give_code(f"{web}{PAGE}callback")
    answer = eve.get(
        f"{web}{PAGE}callback", params={"state": owner.state(), "code": code}, timeout=10
    )

    assert title(answer) == (403, "Open your link once more")
    assert nothing_is_stored(db_rows, meta)


def test_a_members_state_and_a_links_are_each_refused_for_the_other(
    web, acme, link, account, meta, db_rows
):
    employ("ada", acme, "owner")
    ada, _ = sign_in(web, "ada")
    owner = Owner(web, link, session=ada)
    as_member = state_of(ada, web)
    headers = {"X-CSRFToken": csrf(ada, web)["csrfmiddlewaretoken"], "Referer": f"{web}{PAGE}"}
    told = {"state": owner.state(), "code": meta.give_code()}
    by_member = ada.post(f"{web}{PAGE}finish/", json=told, headers=headers, timeout=10)

    assert title(owner.finish(meta, state=as_member)) == STALE
    assert by_member.status_code == 403
    assert nothing_is_stored(db_rows, meta)


def test_a_state_is_used_once_whatever_became_of_it(owner, account, meta, graph, db_rows):
    state = owner.state()
    graph.onboarding_script["exchange"].append({"http": 502})
    assert owner.finish(meta, state=state).status_code == 200
    second = meta.give_code()

    assert owner.finish(meta, state=state, code=second).status_code == 403
    assert (meta.codes[second].is_used, len(signups())) == (False, 1)


def test_a_state_lives_ten_minutes_and_the_owner_is_told_where_to_begin_once_more(
    web, owner, account, meta, db_rows
):
    state = owner.state()
    with time_machine.travel(time.time() + 601, tick=True):
        refused = owner.back(state=state, code="x")

    assert (title(refused), f'href="{owner.page.removeprefix(web)}"' in refused.text) == (
        STALE,
        True,
    )
    assert nothing_is_stored(db_rows, meta)
    assert owner.finish(meta, state=state).status_code == 200


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda state: "", id="none"),
        pytest.param(lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"), id="signature"),
        pytest.param(lambda state: state[3:], id="the beginning is missing"),
        pytest.param(lambda state: "a:b:c", id="not ours"),
        pytest.param(lambda state: "\x00", id="no text"),
    ],
)
def test_a_state_that_was_tampered_with_is_refused(owner, account, meta, db_rows, tamper):
    answer = owner.finish(meta, state=tamper(owner.state()))

    assert (title(answer), nothing_is_stored(db_rows, meta)) == (STALE, True)


def test_a_link_that_is_forced_upon_the_browser_takes_no_page_of_another_away(
    acme, globex, owner, account, meta, jobs
):
    evil = new_link(globex)
    state = owner.state()
    owner.session.get(evil, timeout=10)
    answer = owner.finish(meta, state=state)
    jobs()

    (signup,) = signups()
    assert (answer.status_code, signup.tenant_id, signup.status) == (
        200,
        acme.id,
        "connected",
    )


def test_a_request_without_djangos_own_token_is_refused(web, owner, account, meta, db_rows):
    told = {"state": owner.state(), "code": meta.give_code()}
    answers = [
        owner.session.post(f"{owner.page}{way}", json=told, timeout=10).status_code
        for way in ("finish/", "begin/", f"{'0' * 8}-0000-0000-0000-{'0' * 12}/again/")
    ]

    assert (answers, nothing_is_stored(db_rows, meta)) == ([403] * 3, True)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"[" * 200_000, b'{"state": {}}'])
def test_an_odd_body_breaks_nothing(owner, body):
    assert owner.post("finish/", data=body).status_code in (400, 403)


def test_a_state_names_its_link_beside_the_browser():
    tenant_id, link_id, other = (UUID(int=number) for number in (1, 2, 3))
    made = oauth_state.make(tenant_id, "browser", link_id)

    assert oauth_state.read(made, "browser", link_id).tenant_id == tenant_id
    for wrong in (other, None):
        with pytest.raises(oauth_state.StateRefused):
            oauth_state.read(made, "browser", wrong)
    with pytest.raises(oauth_state.StateRefused):
        oauth_state.read(oauth_state.make(tenant_id, "browser"), "browser", link_id)
    assert (oauth_state.link_of(made), oauth_state.link_of("a:b:c")) == (link_id, None)
